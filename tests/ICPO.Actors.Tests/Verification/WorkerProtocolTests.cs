using System.Buffers.Binary;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks.Processes;
using ICPO.Actors.Tasks.Verifiers;
using ICPO.Actors.Verification.Workers;

namespace ICPO.Actors.Tests.Verification;

/// <summary>A worker that sends anything: memory grows with what arrives, and every case gets its verdict in time.</summary>
public sealed class WorkerProtocolTests
{
    private static readonly TimeSpan Far = TimeSpan.FromMinutes(2);

    /// <summary>The frame that says a worker is ready, as a shell prints it.</summary>
    private const string Ready = @"\001\000\000\000\003";

    [Fact]
    public void Reported_frames_are_refused_or_end_without_the_memory_that_they_announce()
    {
        foreach (string path in Untrusted.Files("frames"))
        {
            byte[] bytes = File.ReadAllBytes(path);
            Untrusted.ReadOrRefused<InvalidDataException>(bytes.Length, () => ReadAll(bytes));
        }
    }

    [Theory]
    [InlineData(1 << 30)]
    [InlineData((1 << 30) - 1)]
    [InlineData(100_000_000)]
    public void A_length_is_not_believed_before_its_bytes_are_there(int length)
    {
        byte[] bytes = new byte[70_000];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        Assert.Null(Untrusted.Read(bytes.Length, () => Assert.Null(WorkerFrames.Read(new MemoryStream(bytes)))));
        Assert.Null(Untrusted.Read(5, () => Assert.Null(WorkerFrames.Read(new MemoryStream(bytes[..5])))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void An_impossible_length_is_refused(int length)
    {
        byte[] bytes = new byte[64];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        Assert.Throws<InvalidDataException>(() => WorkerFrames.Read(new MemoryStream(bytes)));
    }

    [Fact]
    public void A_frame_of_any_size_is_read_back()
    {
        Gen.Int[0, 300_000]
            .Sample(
                size =>
                {
                    using var stream = new MemoryStream();
                    WorkerFrames.Write(stream, WorkerFrames.Refused, writer => writer.Write(new byte[size]));
                    stream.Position = 0;
                    (byte kind, BinaryReader body) = Assert.NotNull(WorkerFrames.Read(stream));
                    Assert.Equal((WorkerFrames.Refused, size), (kind, body.ReadBytes(size + 1).Length));
                },
                iter: 50
            );
    }

    [Fact]
    public void A_body_that_is_not_a_judgment_is_refused()
    {
        using var good = new MemoryStream();
        WorkerFrames.Write(good, WorkerFrames.Judged, writer => WorkerFrames.WriteJudgment(writer, Judgment.Wrong("3", "expected 2")));
        byte[] valid = good.ToArray();
        Gen.Select(Gen.Int[4, valid.Length - 1], Gen.Byte)
            .Array[1, 3]
            .Sample(changes =>
            {
                byte[] bytes = [.. valid];
                foreach ((int at, byte value) in changes)
                {
                    bytes[at] = value;
                }

                Untrusted.ReadOrRefused<InvalidDataException>(bytes.Length, () => ReadAll(bytes));
            });
    }

    [Theory]
    [InlineData(@"\000\000\000\200\005")] // a negative length
    [InlineData(@"\377\377\377\177\005")] // more than any frame
    [InlineData(@"\000\000\000\000")] // none
    [InlineData(@"\001\000\000\000\005")] // a judgment without a body
    [InlineData(@"\002\000\000\000\005\377")] // a verdict that does not exist
    [InlineData(@"\014\000\000\000\005\000\000\000\000\000\000\000\360\077\001\377")] // a text whose length does not end
    [InlineData(@"\020\000\000\000\005\000\000\000\000\000\000\000\360\077\001\377\377\377\377\377")]
    [InlineData(@"\014\000\000\000\005\000\000\000\000\000\000\000\060\100\000\000")] // a reward of 16
    [InlineData(@"\001\000\000\000\143")] // an unknown kind
    [InlineData("hello\n")]
    public async Task A_worker_that_breaks_the_protocol_costs_its_case_a_crash(string answer)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The worker of this test is a shell script.");
        Judgment judgment = await JudgeAsync($"printf '{Ready}'; printf '{answer}'; exec sleep 600", TimeSpan.FromSeconds(20));
        Assert.Equal(Verdict.Crashed, judgment.Verdict);
        Assert.Null(judgment.Reward);
    }

    [Theory]
    [InlineData("")] // nothing
    [InlineData(@"\000\000\000\100\005")] // announces 1 GiB and sends nothing
    [InlineData(@"\014\000\000\000\005\000")] // half a frame
    public async Task A_worker_that_does_not_go_on_is_ended_at_the_deadline(string answer)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The worker of this test is a shell script.");
        Judgment judgment = await JudgeAsync($"printf '{Ready}'; printf '{answer}'; exec sleep 600", TimeSpan.FromSeconds(2));
        Assert.Equal(Verdict.TimedOut, judgment.Verdict);
    }

    [Theory]
    [InlineData(@"\377\377\377\377\003")]
    [InlineData(@"\001\000\000\000\005")]
    [InlineData(@"\001\000\000\000\004")] // refused, without a text
    [InlineData("hello\n")]
    public async Task A_worker_that_does_not_begin_as_one_fails_the_start(string first)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The worker of this test is a shell script.");
        await Assert.ThrowsAsync<VerifierUnavailableException>(() =>
            JudgeAsync($"printf '{first}'; exec sleep 600", TimeSpan.FromSeconds(20))
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(2000)]
    public void A_deadline_that_no_timer_can_wait_is_refused(int hours)
    {
        VerifierPoolSettings settings = Settings("exit", TimeSpan.FromHours(hours));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VerifierPool(settings));
    }

    private static async Task<Judgment> JudgeAsync(string script, TimeSpan timeout)
    {
        await using var pool = new VerifierPool(Settings(script, timeout));
        var question = new Question
        {
            Id = "q",
            Text = "1 + 1?",
            Answer = "2",
        };
        return await pool.VerifyAsync(question, "2", FinishReason.Stop, CancellationToken.None).AsTask().WaitAsync(Far);
    }

    private static VerifierPoolSettings Settings(string script, TimeSpan timeout) =>
        new()
        {
            Verifier = ExactVerifier.VerifierName,
            Executable = new WorkerExecutable("/bin/sh", ["-c", script]),
            Workers = 1,
            Timeout = timeout,
            StartTimeout = TimeSpan.FromSeconds(5),
        };

    private static void ReadAll(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        while (WorkerFrames.Read(stream) is var (kind, body))
        {
            if (kind == WorkerFrames.Judged)
            {
                Judgment judgment = WorkerFrames.ReadJudgment(body);
                Assert.True(judgment.Reward is null or (>= 0 and <= 1));
            }
        }
    }
}
