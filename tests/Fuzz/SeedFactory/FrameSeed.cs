using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Verification.Workers;

namespace Fuzz.SeedFactory;

/// <summary>Frames of the protocol of verifier workers.</summary>
internal static class FrameSeed
{
    public static byte[] Cases() => Stream(stream => WorkerFrames.Write(stream, WorkerFrames.Cases, writer =>
            {
                writer.Write(2);
                for (int i = 0; i < 2; i++)
                {
                    var question = new Question
                    {
                        Id = $"q{i}",
                        Text = "What is 1 + 1?",
                        Answer = "2",
                    };
                    WorkerFrames.WriteCase(writer, question, "The answer is 2.", FinishReason.Stop);
                }
            }));

    public static byte[] Judged() =>
        Stream(stream =>
        {
            foreach (Judgment judgment in new[] { Judgment.Correct("2"), Judgment.Wrong("3", "expected 2"), Judgment.TimedOut("late") })
            {
                WorkerFrames.Write(stream, WorkerFrames.Judged, writer => WorkerFrames.WriteJudgment(writer, judgment));
            }
        });

    private static byte[] Stream(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return stream.ToArray();
    }
}
