using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ICPO.Actors.Dashboard.Tests.Pages;

/// <summary>A page in a headless Chromium, controlled by the DevTools protocol.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);
    private readonly Process _process;
    private readonly TemporaryFolder _profile;
    private readonly ClientWebSocket _socket = new();
    private int _id;

    private Browser(Process process, TemporaryFolder profile) => (_process, _profile) = (process, profile);

    /// <summary>Messages of the page's console, errors and violations of its content policy included.</summary>
    public List<string> Console { get; } = [];

    /// <summary>The program; null if it is not installed.</summary>
    public static string? Program =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    /// <summary>Starts a browser; skips the test if none is installed.</summary>
    public static async Task<Browser> StartAsync()
    {
        Assert.SkipWhen(Program is null, "Chromium is not installed (apt-get install chromium).");
        var profile = new TemporaryFolder();
        var start = new ProcessStartInfo(Program) { RedirectStandardError = true, RedirectStandardOutput = true };
        string[] arguments =
        [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--window-size=1400,1000",
            $"--user-data-dir={profile.Path}",
            "--remote-debugging-port=0",
            "about:blank",
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        Process process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var browser = new Browser(process, profile);
        await browser.ConnectAsync();
        return browser;
    }

    /// <summary>Opens an address.</summary>
    public Task OpenAsync(Uri address) => CallAsync("Page.navigate", new JsonObject { ["url"] = address.ToString() });

    /// <summary>The value of an expression; a promise is awaited.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        JsonObject answer = await CallAsync(
            "Runtime.evaluate",
            new JsonObject
            {
                ["expression"] = expression,
                ["awaitPromise"] = true,
                ["returnByValue"] = true,
            }
        );
        Assert.False(answer.ContainsKey("exceptionDetails"), answer.ToJsonString());
        return answer["result"]!["value"];
    }

    /// <summary>Waits until an expression is true.</summary>
    public async Task UntilAsync(string expression)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!((bool?)await EvaluateAsync($"Boolean({expression})") ?? false))
        {
            Assert.False(
                deadline.IsCancellationRequested,
                $"{expression}: {await EvaluateAsync("document.body.innerText")}\n{string.Join('\n', Console)}"
            );
            await EvaluateAsync("new Promise(resolve => setTimeout(resolve, 20))");
        }
    }

    /// <summary>Presses a key.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="code">Its Windows code, which keys need that the browser itself handles.</param>
    public async Task PressAsync(string key, int code = 0)
    {
        foreach (string type in new[] { "keyDown", "keyUp" })
        {
            await CallAsync(
                "Input.dispatchKeyEvent",
                new JsonObject
                {
                    ["type"] = type,
                    ["key"] = key,
                    ["code"] = key,
                    ["windowsVirtualKeyCode"] = code,
                }
            );
        }
    }

    /// <summary>Emulates the system's colors, without transitions between them.</summary>
    public Task SetColorsAsync(string scheme) =>
        CallAsync(
            "Emulation.setEmulatedMedia",
            new JsonObject
            {
                ["features"] = new JsonArray(
                    new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = scheme },
                    new JsonObject { ["name"] = "prefers-reduced-motion", ["value"] = "reduce" }
                ),
            }
        );

    /// <summary>A method of the protocol.</summary>
    public async Task<JsonObject> CallAsync(string method, JsonObject? parameters = null)
    {
        int id = ++_id;
        var call = new JsonObject
        {
            ["id"] = id,
            ["method"] = method,
            ["params"] = parameters ?? [],
        };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(call), WebSocketMessageType.Text, endOfMessage: true, deadline.Token);
        while (true)
        {
            JsonObject message = await ReceiveAsync(deadline.Token);
            if ((int?)message["id"] == id)
            {
                return message["result"] as JsonObject ?? throw new InvalidOperationException($"{method}: {message["error"]}");
            }

            Note(message);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        try
        {
            _profile.Dispose();
        }
        catch (IOException)
        {
            // A child process of the browser may still be writing its profile.
        }
    }

    private async Task ConnectAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        string port = _profile.In("DevToolsActivePort");
        while (!File.Exists(port) || (await File.ReadAllLinesAsync(port, deadline.Token)).Length < 2)
        {
            await Task.Delay(20, deadline.Token);
        }

        string number = (await File.ReadAllLinesAsync(port, deadline.Token))[0];
        using var client = new HttpClient();
        JsonElement[] pages =
        [
            .. JsonElement.Parse(await client.GetStringAsync($"http://127.0.0.1:{number}/json/list", deadline.Token)).EnumerateArray(),
        ];
        string address = pages
            .First(page => page.GetProperty("type").GetString() == "page")
            .GetProperty("webSocketDebuggerUrl")
            .GetString()!;
        await _socket.ConnectAsync(new Uri(address), deadline.Token);
        foreach (string domain in new[] { "Page", "Runtime", "Log" })
        {
            await CallAsync($"{domain}.enable");
        }
    }

    private async Task<JsonObject> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        ValueWebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            message.Write(buffer, 0, part.Count);
        } while (!part.EndOfMessage);
        return JsonNode.Parse(message.ToArray())!.AsObject();
    }

    private void Note(JsonObject message)
    {
        string? text = (string?)message["method"] switch
        {
            "Runtime.consoleAPICalled" => message["params"]!["args"]!.ToJsonString(),
            "Runtime.exceptionThrown" => message["params"]!["exceptionDetails"]!.ToJsonString(),
            "Log.entryAdded" => string.Create(CultureInfo.InvariantCulture, $"{message["params"]!["entry"]!["text"]}"),
            _ => null,
        };
        if (text is not null)
        {
            Console.Add(text);
        }
    }
}
