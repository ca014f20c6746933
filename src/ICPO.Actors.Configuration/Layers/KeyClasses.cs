using System.Collections.Frozen;

namespace ICPO.Actors.Configuration.Layers;

/// <summary>The changes of a key that are allowed when a run is resumed. reference.conf marks the keys that are not fixed.</summary>
public enum KeyClass
{
    /// <summary>The run's results depend on it; it cannot be changed.</summary>
    Fixed,

    /// <summary>It may be changed: earlier updates can still be repeated.</summary>
    Extendable,

    /// <summary>It may name another place of the same content.</summary>
    Relocatable,

    /// <summary>It belongs to a process and not to the run.</summary>
    Node,
}

/// <summary>The class of every key.</summary>
public static class KeyClasses
{
    private const string Prefix = "icpo.";

    private static readonly FrozenSet<string> Extendable = new[]
    {
        "run.name",
        "run.updates",
        "run.health",
        "run.memory-check",
        "verification.timeout",
        "verification.parallel",
        "verification.isolation",
        "verification.memory",
        "verification.executable",
        "verification.command.start-timeout",
        "verification.command.memory",
        "verification.http.url",
        "verification.http.batch",
        "verification.http.attempts",
        "verification.http.retry-delay",
        "verification.http.secret-variable",
        "verification.judge.url",
        "verification.judge.attempts",
        "verification.judge.retry-delay",
        "verification.judge.secret-variable",
        "verification.judge.authority",
        "verification.http.authority",
        "learner.timeout",
        "admission.lease-timeout",
        "admission.stall-timeout",
        "admission.fault-timeout",
        "engine.count",
        "engine.swap",
        "engine.in-flight",
        "engine.openai.servers",
        "engine.openai.key-variable",
        "engine.openai.timeout",
        "evaluation.every",
        "evaluation.at-end",
        "evaluation.timeout",
        "evaluation.data-directory",
        "checkpoint.every",
        "checkpoint.keep",
        "journal.outage-timeout",
        "metrics.samples-per-update",
        "metrics.rejected-per-update",
        "shutdown.stop-timeout",
        "shutdown.terminate-timeout",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> Relocatable = new[]
    {
        "task.jsonl.path",
        "task.jsonl.held-out-path",
        "task.jsonl.demonstration-path",
        "task.jsonl.pass-rate-path",
        "model.path",
        "model.adapter",
        "verification.command.directory",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> OtherPaths = new[]
    {
        "engine.openai.weights-directory",
        "evaluation.data-directory",
        "verification.executable",
        "verification.http.authority",
        "verification.judge.authority",
        "cluster.directory",
        "cluster.tls.certificate",
        "cluster.tls.key",
        "cluster.tls.authority",
    }.ToFrozenSet();

    /// <summary>Sections of keys that belong to a process.</summary>
    private static readonly string[] OfProcess = ["cluster.", "telemetry."];

    /// <param name="key">With or without the prefix <c>icpo.</c>.</param>
    public static KeyClass Of(string key)
    {
        string name = Short(key);
        if (Extendable.Contains(name) || name.StartsWith("health.", StringComparison.Ordinal))
        {
            return KeyClass.Extendable;
        }

        if (OfProcess.Any(section => name.StartsWith(section, StringComparison.Ordinal)))
        {
            return KeyClass.Node;
        }

        return Relocatable.Contains(name) ? KeyClass.Relocatable : KeyClass.Fixed;
    }

    /// <summary>True if the value is a path that is relative to the working directory.</summary>
    internal static bool IsPath(string key) => Relocatable.Contains(Short(key)) || OtherPaths.Contains(Short(key));

    private static string Short(string key) => key.StartsWith(Prefix, StringComparison.Ordinal) ? key[Prefix.Length..] : key;
}
