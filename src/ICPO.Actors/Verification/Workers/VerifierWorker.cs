using System.Collections.Concurrent;
using System.Text.Json;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Verification.Workers;

/// <summary>
/// The worker side of a <see cref="VerifierPool"/>: reads cases from one stream and answers them on another, in a process that can be
/// killed. It exits when its input ends, even in the middle of a case, so it does not outlive its owner.
/// </summary>
public static class VerifierWorker
{
    /// <summary>The argument that starts <c>icpo</c>, or a host app that serves, as a worker.</summary>
    public const string Command = "verify-worker";

    /// <summary>Exit code of a worker that ran out of memory.</summary>
    internal const int OutOfMemory = 3;

    /// <summary>Exit code of a worker that rejected its configuration.</summary>
    private const int Refused = 2;

    private const int StackBytes = 16 << 20;

    /// <summary>Serves until the input ends. Call it first in <c>Main</c> and write nothing else to the output.</summary>
    /// <returns>The exit code.</returns>
    public static int Serve(Stream input, Stream output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        try
        {
            return ServeFrames(input, output);
        }
        catch (InvalidDataException error)
        {
            Refuse(output, error);
            return Refused;
        }
    }

    private static int ServeFrames(Stream input, Stream output)
    {
        using var frames = new BufferedStream(input, 1 << 16);
        if (Configured(frames, output) is not { } verifier)
        {
            return Refused;
        }

        using var cases = new BlockingCollection<BinaryReader>();

        // A background thread: when the parent process ends, a running case must not keep this process alive.
        new Thread(() => _ = JudgeAsync(verifier, cases, output), StackBytes) { IsBackground = true, Name = "judge" }.Start();
        while (WorkerFrames.Read(frames) is (WorkerFrames.Cases, var body))
        {
            cases.Add(body);
        }

        return 0;
    }

    private static void Refuse(Stream output, InvalidDataException error) =>
        WorkerFrames.Write(output, WorkerFrames.Refused, writer => writer.Write($"the owner sent {error.Message}"));

    private static IVerifier? Configured(Stream input, Stream output)
    {
        if (WorkerFrames.Read(input) is not (WorkerFrames.Configure, var body))
        {
            return null;
        }

        try
        {
            IVerifier verifier = VerifierRegistry.Create(
                WorkerFrames.ReadMessage(body),
                JsonSerializer.Deserialize<VerifierSettings>(WorkerFrames.ReadMessage(body)),
                JsonSerializer.Deserialize<TaskSettings>(WorkerFrames.ReadMessage(body))
            );
            WorkerFrames.Write(output, WorkerFrames.Ready, _ => { });
            return verifier;
        }
        catch (Exception e) when (e is ArgumentException or JsonException or NotSupportedException)
        {
            WorkerFrames.Write(output, WorkerFrames.Refused, writer => writer.Write(e.Message));
            return null;
        }
    }

    private static async Task JudgeAsync(IVerifier verifier, BlockingCollection<BinaryReader> frames, Stream output)
    {
        try
        {
            foreach (BinaryReader frame in frames.GetConsumingEnumerable())
            {
                for (int left = WorkerFrames.ReadCount(frame); left > 0; left--)
                {
                    (Question question, string response, FinishReason finish) = WorkerFrames.ReadCase(frame);
                    Judgment judgment = await JudgeAsync(verifier, question, response, finish).ConfigureAwait(false);
                    WorkerFrames.Write(output, WorkerFrames.Judged, writer => WorkerFrames.WriteJudgment(writer, judgment));
                }
            }
        }
        catch (OutOfMemoryException)
        {
            Environment.Exit(OutOfMemory);
        }
        catch (InvalidDataException error)
        {
            Refuse(output, error);
            Environment.Exit(Refused);
        }
        catch (IOException)
        {
            // The owner closed the stream.
            Environment.Exit(0);
        }
    }

    private static async ValueTask<Judgment> JudgeAsync(IVerifier verifier, Question question, string response, FinishReason finish)
    {
        try
        {
            return await verifier.VerifyAsync(question, response, finish, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Judgment.Crashed($"{e.GetType().Name}: {e.Message}");
        }
    }
}
