using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.RunFiles.Directories;

namespace ICPO.Actors.RunFiles.Inspection;

/// <summary>
/// Finds the texts of rejected rollouts in <c>rejected.jsonl</c>. Only the positions of the lines are in memory; a text is read when it is
/// requested for.
/// </summary>
public sealed class RejectedRollouts
{
    private const string Start = "{\"group\":";
    private readonly string _path;
    private readonly Dictionary<long, List<(long Offset, int Length)>> _places = [];

    private RejectedRollouts(string path) => _path = path;

    /// <summary>Opens the texts of a run; empty if the run has none.</summary>
    public static RejectedRollouts Open(RunDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var rejected = new RejectedRollouts(directory.Rejected);
        if (File.Exists(directory.Rejected))
        {
            rejected.Index();
        }

        return rejected;
    }

    /// <summary>The line of a rollout, as <see cref="Find"/> reads it.</summary>
    public static JsonObject Line(RejectedRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        return new()
        {
            ["group"] = rollout.Id.Group.Value,
            ["origin"] = rollout.Id.Origin.ToString(),
            ["sibling"] = rollout.Id.Sibling,
            ["reason"] = rollout.Reason.ToString(),
            ["verdict"] = rollout.Verdict,
            ["detail"] = rollout.Detail,
            ["reward"] = rollout.Reward,
            ["question"] = rollout.Question,
            ["answer"] = rollout.Answer,
            ["text"] = rollout.Text,
        };
    }

    /// <summary>The rejected rollouts of a group whose text was kept; the last line of a rollout counts.</summary>
    public ImmutableArray<RejectedRollout> Find(GroupId group)
    {
        if (!_places.TryGetValue(group.Value, out List<(long Offset, int Length)>? places))
        {
            return [];
        }

        using FileStream file = OpenFile();
        return
        [
            .. places
                .Select(place => Parse(Read(file, place.Offset, place.Length)))
                .OfType<RejectedRollout>()
                .GroupBy(rollout => rollout.Id)
                .Select(same => same.Last()),
        ];
    }

    private static string Read(FileStream file, long offset, int length)
    {
        byte[] line = new byte[length];
        file.Position = offset;
        file.ReadAtLeast(line, length, throwOnEndOfStream: false);
        return Encoding.UTF8.GetString(line);
    }

    /// <summary>Null for a line that is not one of the sink's.</summary>
    private static RejectedRollout? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            JsonElement fields = document.RootElement;
            return new RejectedRollout(
                new RolloutId(
                    new GroupId(fields.GetProperty("group").GetInt64()),
                    Enum.Parse<Origin>(Text(fields, "origin")),
                    fields.GetProperty("sibling").GetInt32()
                ),
                Enum.Parse<DropReason>(Text(fields, "reason")),
                Text(fields, "verdict"),
                Text(fields, "question"),
                Text(fields, "answer"),
                Text(fields, "text")
            )
            {
                Detail = fields.GetProperty("detail").GetString(),
                Reward = fields.GetProperty("reward") is { ValueKind: JsonValueKind.Number } reward ? reward.GetDouble() : null,
            };
        }
        catch (Exception error)
            when (error is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException)
        {
            return null;
        }
    }

    private static string Text(JsonElement fields, string name) => fields.GetProperty(name).GetString() ?? "";

    private FileStream OpenFile() => new(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

    private void Index()
    {
        using FileStream file = OpenFile();
        byte[] buffer = new byte[1 << 16];
        List<byte> head = [];
        (long start, long at) = (0, 0);
        for (int read; (read = file.Read(buffer)) > 0; at += read)
        {
            for (int i = 0; i < read; i++)
            {
                if (buffer[i] == (byte)'\n')
                {
                    Add(head, start, at + i - start);
                    head.Clear();
                    start = at + i + 1;
                }
                else if (head.Count < Start.Length + 20)
                {
                    head.Add(buffer[i]);
                }
            }
        }
    }

    private void Add(List<byte> head, long offset, long length)
    {
        string text = Encoding.UTF8.GetString([.. head]);
        int end = text.IndexOf(',');
        bool isLine =
            text.StartsWith(Start, StringComparison.Ordinal)
            && end > Start.Length
            && long.TryParse(text.AsSpan(Start.Length, end - Start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        if (!isLine || length > int.MaxValue)
        {
            return;
        }

        long group = long.Parse(text.AsSpan(Start.Length, end - Start.Length), CultureInfo.InvariantCulture);
        if (!_places.TryGetValue(group, out List<(long, int)>? places))
        {
            _places[group] = places = [];
        }

        places.Add((offset, (int)length));
    }
}
