using System.Buffers.Binary;
using System.Text;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.RunFiles;
using ICPO.Actors.RunFiles.Audit;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Journal;
using ICPO.Actors.Verification.Workers;
using ICPO.Actors.Wire.Codecs;
using ICPO.Actors.Wire.Segments;

namespace Fuzz.Readers;

/// <summary>Readers of what a run leaves, and of what processes send each other.</summary>
internal static class RunReaders
{
    private static readonly string[] Manifests =
    [
        "group-stored.1",
        "rollout-stored.1",
        "rollout-discarded.1",
        "group-turned-down.1",
        "update-prepared.1",
        "update-recorded.1",
        "checkpoint-recorded.1",
        "epoch-started.1",
        "buffer-snapshot.1",
        "training-group.1",
        "judged-rollout.1",
        "rollout-lease.1",
        "policy-published.1",
        "admit-group.1",
        "batch-prepared.1",
    ];

    /// <summary>What differs from the defaults; the reader hocon reads whole configurations.</summary>
    private const string Configuration = "icpo { run.id = fuzz, journal.keep = all }";

    /// <summary>The number that stands for a manifest in an input.</summary>
    public static byte Number(string manifest) => (byte)Array.IndexOf(Manifests, manifest);

    /// <summary>A stream of frames, each read as what it says it is.</summary>
    public static void Frames(byte[] input)
    {
        using var stream = new MemoryStream(input);
        while (WorkerFrames.Read(stream) is var (kind, body))
        {
            switch (kind)
            {
                case WorkerFrames.Judged:
                    WorkerFrames.ReadJudgment(body);
                    break;
                case WorkerFrames.Cases:
                    for (int left = WorkerFrames.ReadCount(body); left > 0; left--)
                    {
                        WorkerFrames.ReadCase(body);
                    }

                    break;
                default:
                    WorkerFrames.ReadMessage(body);
                    break;
            }
        }
    }

    /// <summary>The first byte chooses the kind of message.</summary>
    public static void Message(byte[] input)
    {
        if (input.Length > 0)
        {
            WireFormat.Read(Manifests[input[0] % Manifests.Length], input[1..]);
        }
    }

    /// <summary>What an event says about its payload (offset, length, checksum), then the segment.</summary>
    public static void Payload(byte[] input)
    {
        if (input.Length < 16)
        {
            return;
        }

        string directory = Path.GetDirectoryName(Scratch.File("payloads/00000000.segment", input[16..]))!;
        ReadOnlySpan<byte> blob = input;
        GroupPayload.Read(
            SegmentLog.Read(
                directory,
                new BlobRef(
                    0,
                    BinaryPrimitives.ReadInt64LittleEndian(blob),
                    BinaryPrimitives.ReadInt32LittleEndian(blob[8..]),
                    BinaryPrimitives.ReadUInt32LittleEndian(blob[12..])
                )
            )
        );
    }

    public static void Journal(byte[] input)
    {
        string run = Run("run");
        Scratch.File("run/journal.db", input);
        JournalAudit.Check(RunJournal.Open(run));
    }

    /// <summary>Rows of a journal: the kind of an event, its length, its bytes, and so on.</summary>
    public static void Events(byte[] input)
    {
        string run = Run("events");
        WriteRows(Path.Combine(run, "journal.db"), input);
        JournalAudit.Check(RunJournal.Open(run));
    }

    /// <summary>The part before an empty line is metrics.jsonl, the rest samples.jsonl.</summary>
    public static void History(byte[] input)
    {
        string[] parts = Encoding.UTF8.GetString(input).Split("\n\n", 2);
        Scratch.File("history/metrics.jsonl", Encoding.UTF8.GetBytes(parts[0]));
        Scratch.File("history/samples.jsonl", Encoding.UTF8.GetBytes(parts.Length > 1 ? parts[1] : ""));
        RunHistory.Read(Scratch.In("history"));
    }

    /// <summary>Summary, owner, metrics and configuration of one of two runs: both are listed, whatever they hold.</summary>
    public static void Runs(byte[] input)
    {
        string[] parts = Encoding.UTF8.GetString(input).Split("\n\n");
        Run("runs/good");
        string bad = Run("runs/bad");
        string[] names = ["summary.json", "run.owner.json", "metrics.jsonl", "effective.conf"];
        for (int i = 0; i < names.Length; i++)
        {
            string path = Path.Combine(bad, names[i]);
            if (i < parts.Length && parts[i].Length > 0)
            {
                File.WriteAllText(path, parts[i]);
            }
            else if (i < names.Length - 1)
            {
                File.Delete(path);
            }
            else
            {
                File.WriteAllText(path, Configuration);
            }
        }

        if (RunCatalog.Read(Scratch.In("runs"), TimeProvider.System) is not [var first, var second])
        {
            throw new InvalidOperationException("A run is missing from the list.");
        }

        if (second.Error is not null || first.Error?.ReplaceLineEndings("") != first.Error)
        {
            throw new InvalidOperationException($"The good run has the error {second.Error}, the other one {first.Error}.");
        }
    }

    /// <summary>The rows of an input as a database.</summary>
    public static void WriteRows(string path, byte[] input) => JournalRows.Write(path, Rows(input));

    private static string Run(string name)
    {
        string directory = Scratch.In(name),
            file = Path.Combine(directory, "effective.conf");
        if (!File.Exists(file))
        {
            File.WriteAllText(file, Configuration);
        }

        return directory;
    }

    private static IEnumerable<(string Manifest, byte[] Message)> Rows(byte[] input)
    {
        for (int at = 0; at + 3 <= input.Length; )
        {
            int length = Math.Min(input[at + 1] | (input[at + 2] << 8), input.Length - at - 3);
            yield return (Manifests[input[at] % Manifests.Length], input[(at + 3)..(at + 3 + length)]);
            at += 3 + length;
        }
    }
}
