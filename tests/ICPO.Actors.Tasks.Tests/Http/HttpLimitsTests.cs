using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Tasks.Verifiers;

namespace ICPO.Actors.Tasks.Tests.Http;

/// <summary>Time and number of requests are limited whatever a service does.</summary>
public sealed class HttpLimitsTests
{
    private const int Parallel = 2;

    [Theory]
    [InlineData("2147483647")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT")]
    public async Task A_service_that_asks_for_a_pause_of_years_times_out(string pause)
    {
        await using RewardService service = await RewardService.StartAsync(
            (context, cases) =>
            {
                bool isBad = cases[0].GetProperty("response").GetString() == "bad";
                context.Response.StatusCode = isBad ? 503 : 200;
                context.Response.Headers.RetryAfter = isBad ? pause : "";
                return RewardService.AnswerAsync(context, cases, _ => "\"reward\":0.5");
            }
        );
        await using HttpVerifier verifier = Verifier(service.Url, 1, TimeSpan.FromSeconds(1));
        Assert.Equal(0.5, (await verifier.JudgeAsync("good")).Reward);
        Assert.Equal(Verdict.TimedOut, (await verifier.JudgeAsync("bad")).Verdict);
    }

    [Fact]
    public async Task Cases_that_are_sent_alone_wait_for_their_turn()
    {
        var started = new TaskCompletionSource();
        (int active, int most) = (0, 0);
        var gate = new Lock();
        await using RewardService service = await RewardService.StartAsync(
            async (context, cases) =>
            {
                await started.Task;
                context.Response.StatusCode = cases.Length > 1 ? 400 : 200;
                lock (gate)
                {
                    most = Math.Max(most, ++active);
                }

                await Task.Yield();
                await RewardService.AnswerAsync(context, cases, _ => "\"reward\":0.5");
                lock (gate)
                {
                    active--;
                }
            }
        );
        await using HttpVerifier verifier = Verifier(service.Url, 32, TimeSpan.FromSeconds(30));
        Task<Judgment[]> judging = Task.WhenAll(Enumerable.Range(0, 96).Select(i => verifier.JudgeAsync($"{i}")));
        started.SetResult();
        Assert.All(await judging, judgment => Assert.Equal(0.5, judgment.Reward));
        Assert.InRange(most, 1, Parallel);
    }

    private static HttpVerifier Verifier(string url, int batch, TimeSpan timeout) =>
        new(
            new()
            {
                Http = new()
                {
                    Url = url,
                    Batch = batch,
                    RetryDelay = TimeSpan.FromMilliseconds(5),
                },
                Limits = new(timeout, Parallel),
            }
        );
}
