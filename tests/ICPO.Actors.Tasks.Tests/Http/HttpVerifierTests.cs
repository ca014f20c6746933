using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Tasks.Processes;
using ICPO.Actors.Tasks.Verifiers;
using Microsoft.AspNetCore.Http;

namespace ICPO.Actors.Tasks.Tests.Http;

/// <summary>Services that judge, are slow, fail and lie: nothing but a valid answer becomes a reward.</summary>
public sealed class HttpVerifierTests
{
    private const string Variable = "ICPO_TEST_REWARD_TOKEN";

    [Fact]
    public async Task Every_case_gets_its_own_answer_and_requests_hold_several()
    {
        var first = new TaskCompletionSource();
        await using RewardService service = await RewardService.StartAsync(
            async (context, cases) =>
            {
                await first.Task;
                cases.AsSpan().Reverse();
                await RewardService.AnswerAsync(context, cases, one => $"\"reward\":0.{one.GetProperty("response").GetString()}");
            }
        );
        await using HttpVerifier verifier = Verifier(service.Url, batch: 7);
        Task<Judgment[]> judging = Task.WhenAll(Enumerable.Range(10, 50).Select(i => verifier.JudgeAsync($"{i}")));
        first.SetResult();
        Assert.Equal(Enumerable.Range(10, 50).Select(i => i / 100.0), (await judging).Select(j => Math.Round(j.Reward!.Value, 9)));
        Assert.Equal(7, service.Requests.Max(cases => cases.Length));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>busy</html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"answers\": {}}")]
    [InlineData("{\"answers\": []}")]
    [InlineData("{\"answers\": [1, null, [], {}]}")]
    [InlineData("{\"answers\": [{\"reward\": 1}]}")]
    [InlineData("{\"answers\": [{\"id\": \"other\", \"reward\": 1}]}")]
    [InlineData("{\"answers\": [{\"id\": ID}]}")]
    [InlineData("{\"answers\": [{\"id\": ID, \"reward\": null}]}")]
    [InlineData("{\"answers\": [{\"id\": ID, \"reward\": NaN}]}")]
    [InlineData("{\"answers\": [{\"id\": ID, \"reward\": \"1\"}]}")]
    [InlineData("{\"answers\": [{\"id\": ID, \"reward\": true}]}")]
    [InlineData("{\"answers\": [{\"id\": ID, \"reward\": 2}]}")]
    [InlineData("{\"answers\": [{\"id\": ID, \"reward\": -1}]}")]
    [InlineData("{\"answers\": [{\"id\": ID, \"reward\": 1}, {\"id\": ID, \"reward\": 0}]}")]
    [InlineData("{\"answers\": [{\"id\": ID, \"error\": \"no model\"}]}")]
    [InlineData("{\"answers\": [{\"id\": ID, \"reward\": 1, \"\\ud800\": 2}]}")]
    [InlineData("{\"answers\": [{\"id\": ID, \"reward\": 1}]")]
    [InlineData("{\"answers\": [], \"answers\": [{\"id\": ID, \"reward\": 1}]}")]
    public async Task A_service_that_lies_about_its_form_gives_no_reward(string body)
    {
        await using RewardService service = await RewardService.StartAsync(
            (context, cases) =>
                cases[0].GetProperty("response").GetString() == "bad"
                    ? context.Response.WriteAsync(body.Replace("ID", cases[0].GetProperty("id").GetRawText(), StringComparison.Ordinal))
                    : RewardService.AnswerAsync(context, cases, _ => "\"reward\":0.5")
        );
        await ExpectFaultAsync(service, Verdict.Crashed);
    }

    [Theory]
    [InlineData(201)]
    [InlineData(204)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_status_other_than_200_gives_no_reward(int status)
    {
        await using RewardService service = await RewardService.StartAsync(
            (context, cases) =>
            {
                bool isBad = cases[0].GetProperty("response").GetString() == "bad";
                context.Response.StatusCode = isBad ? status : 200;
                context.Response.Headers.Location = isBad ? "/judge" : "";
                return isBad && status == 204
                    ? Task.CompletedTask
                    : RewardService.AnswerAsync(context, cases, _ => isBad ? "\"reward\":0" : "\"reward\":0.5");
            }
        );
        await ExpectFaultAsync(service, Verdict.Crashed);
    }

    [Fact]
    public async Task A_service_that_closes_connections_or_sends_too_much_gives_no_reward()
    {
        await using RewardService service = await RewardService.StartAsync(
            async (context, cases) =>
            {
                switch (cases[0].GetProperty("response").GetString())
                {
                    case "close":
                        context.Abort();
                        break;
                    case "half":
                        context.Response.ContentLength = 1000;
                        await context.Response.WriteAsync("{\"answers\":");
                        await context.Response.Body.FlushAsync();
                        context.Abort();
                        break;
                    case "flood":
                        byte[] chunk = new byte[1 << 20];
                        for (int i = 0; i < 64 && !context.RequestAborted.IsCancellationRequested; i++)
                        {
                            await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
                        }

                        break;
                    default:
                        await RewardService.AnswerAsync(context, cases, _ => "\"reward\":0.5");
                        break;
                }
            }
        );
        await using HttpVerifier verifier = Verifier(service.Url, batch: 1);
        foreach (string fault in new[] { "good", "close", "good", "half", "good", "flood", "good" })
        {
            Judgment judgment = await verifier.JudgeAsync(fault);
            Assert.Equal(fault == "good" ? (Verdict.Wrong, 0.5) : (Verdict.Crashed, (double?)null), (judgment.Verdict, judgment.Reward));
        }
    }

    [Fact]
    public async Task A_service_that_is_slow_times_out()
    {
        await using RewardService service = await RewardService.StartAsync(
            async (context, cases) =>
            {
                bool isBad = cases[0].GetProperty("response").GetString() == "bad";
                await Task.Delay(isBad ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, context.RequestAborted);
                await RewardService.AnswerAsync(context, cases, _ => "\"reward\":0.5");
            }
        );
        await using HttpVerifier verifier = Verifier(service.Url, timeout: TimeSpan.FromSeconds(1));
        Assert.Equal(Verdict.TimedOut, (await verifier.JudgeAsync("bad")).Verdict);
        Assert.Equal(0.5, (await verifier.JudgeAsync("good")).Reward);
    }

    [Fact]
    public async Task A_request_that_fails_is_tried_again_and_a_case_that_breaks_its_batch_fails_alone()
    {
        var attempts = new ConcurrentDictionary<string, int>();
        await using RewardService service = await RewardService.StartAsync(
            (context, cases) =>
            {
                string[] responses = [.. cases.Select(one => one.GetProperty("response").GetString()!)];
                bool isFirst = responses.Select(r => attempts.AddOrUpdate(r, 1, (_, n) => n + 1)).Max() == 1;
                context.Response.StatusCode = isFirst || responses.Contains("poison") ? 500 : 200;
                return RewardService.AnswerAsync(context, cases, _ => "\"reward\":0.5");
            }
        );
        await using HttpVerifier verifier = Verifier(service.Url);
        Judgment[] judgments = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => verifier.JudgeAsync(i == 7 ? "poison" : $"{i}")));
        Assert.Equal(Verdict.Crashed, judgments[7].Verdict);
        Assert.Null(judgments[7].Reward);
        Assert.All(judgments.Where((_, i) => i != 7), judgment => Assert.Equal(0.5, judgment.Reward));
    }

    [Fact]
    public async Task A_service_that_is_not_there_or_refuses_everything_makes_the_verifier_unavailable()
    {
        await using HttpVerifier nowhere = Verifier($"http://localhost:{FreePorts.Take(1)[0]}/judge");
        await Assert.ThrowsAsync<VerifierUnavailableException>(() => nowhere.JudgeAsync("x"));
        bool isDenied = true;
        await using RewardService service = await RewardService.StartAsync(
            (context, cases) =>
            {
                context.Response.StatusCode = isDenied ? 401 : 200;
                return RewardService.AnswerAsync(context, cases, _ => "\"reward\":1");
            }
        );
        await using HttpVerifier verifier = Verifier(service.Url);
        VerifierUnavailableException error = await Assert.ThrowsAsync<VerifierUnavailableException>(() => verifier.JudgeAsync("x"));
        Assert.Contains("401", error.Message, StringComparison.Ordinal);
        isDenied = false;
        await Assert.ThrowsAsync<VerifierUnavailableException>(() => verifier.JudgeAsync("x"));
        verifier.Restart();
        Assert.Equal(Verdict.Correct, (await verifier.JudgeAsync("x")).Verdict);
    }

    [Fact]
    public async Task The_secret_comes_from_the_environment_and_is_not_in_errors()
    {
        Environment.SetEnvironmentVariable(Variable, "s3cret-token");
        try
        {
            await using RewardService service = await RewardService.StartAsync(
                (context, _) =>
                {
                    context.Response.StatusCode = 403;
                    return context.Response.WriteAsync($"unknown {context.Request.Headers.Authorization}");
                }
            );
            await using var verifier = new HttpVerifier(
                Settings(service.Url) with
                {
                    Http = Http(service.Url) with { SecretVariable = Variable },
                }
            );
            verifier.RequireStartable();
            VerifierUnavailableException error = await Assert.ThrowsAsync<VerifierUnavailableException>(() => verifier.JudgeAsync("x"));
            Assert.Equal("Bearer s3cret-token", service.Authorizations.First());
            Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("rewards", "")]
    [InlineData("ftp://localhost/x", "")]
    [InlineData("http://user:password@localhost/x", "")]
    [InlineData("http://rewards.example.com/x", Variable)]
    public void An_address_that_cannot_be_used_is_refused(string url, string variable) =>
        Assert.Throws<ArgumentException>(() =>
            new HttpVerifier(Settings(url) with { Http = Http(url) with { SecretVariable = variable } })
        );

    [Fact]
    public void A_missing_secret_or_authority_is_refused_before_a_run()
    {
        const string Url = "https://localhost/judge";
        using var folder = new TemporaryFolder();
        Assert.Throws<ArgumentException>(
            new HttpVerifier(Settings(Url) with { Http = Http(Url) with { SecretVariable = "ICPO_NOT_SET" } }).RequireStartable
        );
        foreach (string path in new[] { folder.In("missing.pem"), folder.Write("empty.pem", "") })
        {
            Assert.Throws<ArgumentException>(
                new HttpVerifier(Settings(Url) with { Http = Http(Url) with { Authority = path } }).RequireStartable
            );
        }
    }

    [Fact]
    public async Task Certificates_are_checked_against_the_named_authority()
    {
        using var folder = new TemporaryFolder();
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        await using RewardService service = await RewardService.StartAsync(
            (context, cases) => RewardService.AnswerAsync(context, cases, _ => "\"reward\":1"),
            certificate
        );
        await using HttpVerifier strange = Verifier(service.Url);
        await Assert.ThrowsAsync<VerifierUnavailableException>(() => strange.JudgeAsync("x"));
        string authority = folder.Write("authority.pem", certificate.ExportCertificatePem());
        await using var verifier = new HttpVerifier(Settings(service.Url) with { Http = Http(service.Url) with { Authority = authority } });
        Assert.Equal(Verdict.Correct, (await verifier.JudgeAsync("x")).Verdict);
    }

    private static async Task ExpectFaultAsync(RewardService service, Verdict expected)
    {
        await using HttpVerifier verifier = Verifier(service.Url, batch: 1);
        Assert.Equal(0.5, (await verifier.JudgeAsync("good")).Reward);
        Judgment fault = await verifier.JudgeAsync("bad");
        Assert.Equal((expected, null), (fault.Verdict, fault.Reward));
        Assert.NotNull(fault.Detail);
        Assert.Equal(0.5, (await verifier.JudgeAsync("good")).Reward);
    }

    private static HttpVerifier Verifier(string url, int batch = 16, TimeSpan? timeout = null)
    {
        VerifierSettings settings = Settings(url);
        return new(
            settings with
            {
                Http = settings.Http with { Batch = batch },
                Limits = settings.Limits with { Timeout = timeout ?? settings.Limits.Timeout },
            }
        );
    }

    private static VerifierSettings Settings(string url) => new() { Http = Http(url), Limits = new(TimeSpan.FromSeconds(30), 2) };

    private static ICPO.Actors.Tasks.Http.HttpSettings Http(string url) => new() { Url = url, RetryDelay = TimeSpan.FromMilliseconds(5) };
}
