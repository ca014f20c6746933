using System.Buffers;
using System.Text.Json;
using System.Threading.Channels;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Tasks.Processes;
using ICPO.Actors.Tasks.Rewards;

namespace ICPO.Actors.Tasks.Http;

/// <summary>
/// Posts cases to a service, in batches that form while all requests are in flight. A case has its judgment if the response contains
/// exactly one valid answer with its id; everything else is a fault.
/// </summary>
internal sealed class HttpJudge(HttpPost post, HttpJudgeSettings settings) : IAsyncDisposable
{
    private readonly Channel<VerifierCase> _cases = Channel.CreateUnbounded<VerifierCase>();
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _free = new(settings.Parallel);
    private readonly Lock _gate = new();
    private readonly List<Task> _loops = [];

    public async ValueTask<Judgment> JudgeAsync(VerifierCase one, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ended.IsCancellationRequested, this);
            settings.State.ThrowIfUnavailable();
            while (_loops.Count < settings.Parallel)
            {
                _loops.Add(Task.Run(SendAsync, CancellationToken.None));
            }

            // Under the gate: a case that is written after the end would never be answered.
            _cases.Writer.TryWrite(one);
        }

        return await one.Verdict.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        Task[] loops;
        lock (_gate)
        {
            if (_ended.IsCancellationRequested)
            {
                return;
            }

            _ended.Cancel();
            _cases.Writer.Complete();
            loops = [.. _loops];
        }

        await Task.WhenAll(loops).ConfigureAwait(false);
        while (_cases.Reader.TryRead(out VerifierCase? one))
        {
            one.Fail(new ObjectDisposedException(nameof(HttpJudge)));
        }

        _ended.Dispose();
        _free.Dispose();
    }

    private async Task SendAsync()
    {
        while (await _cases.Reader.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            List<VerifierCase> batch = [];
            while (batch.Count < settings.Batch && _cases.Reader.TryRead(out VerifierCase? one))
            {
                batch.Add(one);
            }

            if (batch.Count == 0)
            {
                continue;
            }

            try
            {
                await SendAsync(batch, attempts: null).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                batch.ForEach(one => one.Fail(e));
            }
        }
    }

    private async Task SendAsync(List<VerifierCase> batch, int? attempts)
    {
        RewardCase[] asked = [.. batch.Select(one => RewardCase.Create(one.Question, one.Response, one.Finish))];
        try
        {
            byte[] body = await PostAsync(asked, attempts).ConfigureAwait(false);
            ILookup<string?, JsonElement> answers = HttpAnswers.Read(body);
            for (int i = 0; i < asked.Length; i++)
            {
                batch[i].Answer(HttpAnswers.JudgmentOf(answers, asked[i].Id, settings.Rewards));
            }

            settings.State.Answered();
        }
        catch (InvalidDataException e)
        {
            batch.ForEach(one => one.Answer(Judgment.Crashed($"the service sent {e.Message}")));
        }
        catch (HttpFailureException e) when (e.Kind is FailureKind.Failed or FailureKind.Refused && batch.Count > 1)
        {
            // One case may be the reason, so each is sent alone.
            await Task.WhenAll(batch.Select(one => SendAsync([one], attempts: 1))).ConfigureAwait(false);
        }
        catch (HttpFailureException e)
        {
            Fail(batch, e);
        }
    }

    /// <summary>At most <see cref="HttpJudgeSettings.Parallel"/> at once, also where the cases of a batch are sent alone.</summary>
    private async Task<byte[]> PostAsync(RewardCase[] asked, int? attempts)
    {
        await _free.WaitAsync(_ended.Token).ConfigureAwait(false);
        try
        {
            return await post.SendAsync(Body(asked), settings.Timeout, attempts, _ended.Token).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    private void Fail(List<VerifierCase> batch, HttpFailureException error)
    {
        if (settings.State.Failed(error) is { } unavailable)
        {
            batch.ForEach(one => one.Fail(unavailable));
        }
        else
        {
            batch.ForEach(one => one.Answer(error.ToJudgment()));
        }
    }

    private static byte[] Body(RewardCase[] cases)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("cases");
            foreach (RewardCase one in cases)
            {
                one.Write(writer);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
