using ICPO.Actors.Modeling.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace ICPO.Actors.Modeling.Inference;

/// <summary>What runs on the engine's thread.</summary>
public sealed partial class GenerationEngine
{
    /// <summary>The thread's loop. Any exception here ends the engine and fails every open request.</summary>
    private void Run()
    {
        Exception reason = new ObjectDisposedException(_name, "The generation engine was disposed.");
        try
        {
            TorchRuntime.SetThreads(_threads);
            using IDisposable inference = inference_mode();
            while (!_stop.IsCancellationRequested)
            {
                ProcessCommands();
                Step();
                SwapHeld();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It was waiting for a command.
        }
        catch (Exception e)
        {
            reason = e;
        }

        Volatile.Write(ref _reason, reason);
        _commands.CompleteAdding();
        _batch.Fail(reason);
        while (_held.TryDequeue(out SwapCommand? held))
        {
            held.Fail(reason);
        }

        while (_commands.TryTake(out Command? command))
        {
            command.Fail(reason);
        }

        using NativeCalls.Scope call = NativeCalls.Begin();
        _weights.Dispose();
        _session.Dispose();
        _ended.TrySetResult();
    }

    /// <summary>One step; after an out-of-memory error it retries once with half the batch, restarting each sequence.</summary>
    private void Step()
    {
        using NativeCalls.Scope call = NativeCalls.Begin();
        using DisposeScope scope = NewDisposeScope();
        try
        {
            _batch.Step();
        }
        catch (Exception e) when (OutOfMemory.Is(e) && !_halved)
        {
            _halved = true;
            _batch.Halve();
        }
        catch (Exception e) when (OutOfMemory.Is(e))
        {
            throw new InsufficientMemoryException(
                $"Engine {_name} ran out of memory again after it halved its slots to {Slots}. Lower engine.slots or engine.context. "
                    + e.Message.Split('\n')[0],
                e
            );
        }
    }

    private void ProcessCommands()
    {
        while (_commands.TryTake(out Command? command, _batch.IsIdle ? IdleWait : 0, _stop.Token))
        {
            switch (command)
            {
                case OpenCommand open:
                    _batch.Enqueue(open.Request);
                    break;
                case SwapCommand swap when _inFlight is InFlightMode.Wait && _batch.IsDecoding:
                    _held.Enqueue(swap);
                    _batch.IsPaused = true;
                    break;
                case SwapCommand swap:
                    Swap(swap);
                    break;
            }
        }
    }

    /// <summary>Takes the weights that waited for the sequences in flight.</summary>
    private void SwapHeld()
    {
        while (!_batch.IsDecoding && _held.TryDequeue(out SwapCommand? swap))
        {
            Swap(swap);
        }

        _batch.IsPaused = _held.Count > 0;
    }

    private void Swap(SwapCommand swap)
    {
        try
        {
            if (swap.IsCancelled)
            {
                return;
            }

            using NativeCalls.Scope call = NativeCalls.Begin();
            using DisposeScope scope = NewDisposeScope();
            if (swap.Loaded is null)
            {
                _weights.Take(swap.Snapshot.Path);
            }
            else if (!_weights.Exchange(swap.Loaded))
            {
                return;
            }

            Volatile.Write(ref _version, swap.Snapshot.Version.Value);
            _batch.Swapped(swap.Snapshot.Version, _inFlight is InFlightMode.Recompute);
        }
        catch (Exception e)
        {
            swap.Fail(e);
            if (e is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                return;
            }

            throw;
        }

        swap.Complete();
    }
}
