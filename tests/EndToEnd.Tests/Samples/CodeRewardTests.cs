using System.Diagnostics;
using System.Text.Json;

namespace EndToEnd.Tests.Samples;

/// <summary>The sample that judges code: its sandbox, and that its items can be solved.</summary>
public sealed class CodeRewardTests : IDisposable
{
    private static readonly string Folder = Repository.In("samples", "CodeReward");
    private readonly TemporaryFolder _folder = new();

    public CodeRewardTests() => Assert.SkipUnless(Works(), "The sandbox of the sample does not work on this machine.");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Code_is_rewarded_for_the_values_that_it_computes()
    {
        (string Code, double Reward)[] cases =
        [
            ("def f(x): return x + 1", 1),
            ("Here it is:\n```python\ndef f(x):\n    return 2\n```", 0.5),
            ("def f(x): return True", 0),
            ("def f(x): raise ValueError", 0),
            ("this is not Python", 0),
            ("", 0),
            ("while True: pass", 0),
            ("def f(x): return [0] * 10**9", 0),
            ("print('x' * 10**7)\ndef f(x): return x + 1", 1),
            ("import os\nos.write(1, b'[[2], [3]]')\nos._exit(0)", 0),
            // Each of these returns a right answer only if the sandbox denies what it tries.
            (Denied("import socket; socket.create_connection(('1.1.1.1', 53), 2)"), 1),
            (Denied("import os; os.fork()"), 1),
            (Denied("import threading; threading.Thread(target=print).start()"), 1),
            (Denied("open('/usr/written', 'w')"), 1),
            (Denied("import os; os.listdir('/home')"), 1),
            (Denied("open('/proc/self/status')"), 1),
        ];
        string gold = JsonSerializer.Serialize(new object[] { new object[] { "f(1)", 2 }, new object[] { "f(2)", 3 } });
        string lines = string.Concat(cases.Select(one => JsonSerializer.Serialize(new { gold, prediction = one.Code }) + "\n"));
        JsonElement[] verdicts = await VerifyAsync(lines);
        Assert.Equal(cases, cases.Zip(verdicts, (one, verdict) => (one.Code, verdict.GetProperty("reward").GetDouble())));
    }

    [Fact]
    public async Task Every_item_can_be_read_and_wrong_code_gets_no_reward()
    {
        string[] items = await File.ReadAllLinesAsync(Path.Combine(Folder, "items.jsonl"));
        IEnumerable<JsonElement> rows = items.Select(line => JsonDocument.Parse(line).RootElement);
        string lines = string.Concat(
            rows.Select(row => JsonSerializer.Serialize(new { gold = row.GetProperty("answer").GetString(), prediction = "pass" }) + "\n")
        );
        JsonElement[] verdicts = await VerifyAsync(lines);
        Assert.Equal(items.Length, verdicts.Length);
        Assert.All(verdicts, verdict => Assert.Equal(0, verdict.GetProperty("reward").GetDouble()));
    }

    private static string Denied(string attempt) =>
        $"def f(x):\n    try:\n        {attempt}\n    except Exception:\n        return x + 1\n    return 99";

    private async Task<JsonElement[]> VerifyAsync(string lines)
    {
        ProcessEnd ended = await IcpoProcess.RunAsync(
            new ProcessOptions { Directory = Folder },
            "verify",
            _folder.Write("cases.jsonl", lines),
            "--verifier",
            "command",
            "--set",
            "verification.command.run=[python3, judge.py]",
            "--set",
            "verification.timeout=1m"
        );
        Assert.True(ended.ExitCode == 0, ended.ToString());
        return [.. ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static bool Works()
    {
        try
        {
            var start = new ProcessStartInfo("python3", [Path.Combine(Folder, "judge.py")])
            {
                RedirectStandardInput = true,
                RedirectStandardError = true,
            };
            using var judge = Process.Start(start);
            judge?.StandardInput.Close();
            return judge?.WaitForExit(TimeSpan.FromMinutes(1)) == true && judge.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
