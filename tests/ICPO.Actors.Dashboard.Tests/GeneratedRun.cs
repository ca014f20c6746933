using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Contracts.Buffering;
using ICPO.Actors.Contracts.Groups;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.History;
using ICPO.Actors.RunFiles.Inspection;
using ICPO.Actors.Wire.Codecs;
using ICPO.Actors.Wire.Segments;
using Microsoft.Data.Sqlite;

namespace ICPO.Actors.Dashboard.Tests;

/// <summary>A run directory as a run would leave it, of any size.</summary>
internal sealed record GeneratedRun
{
    /// <summary>A text that a page must show as text.</summary>
    public const string Hostile = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";

    private const string Extracted = "42";
    private static readonly LearnerEpoch Epoch = new(1);

    public int Updates { get; init; } = 5;

    /// <summary>The updates that the run would make; <see cref="Updates"/> if null.</summary>
    public int? Planned { get; init; }

    public int GroupsPerUpdate { get; init; } = 2;

    public int PolicyRollouts { get; init; } = 3;

    /// <summary>Metrics per update, besides those of real runs.</summary>
    public int MoreMetrics { get; init; }

    public int Tokens { get; init; } = 6;

    /// <summary>Writes the run into an empty directory.</summary>
    public void Write(string path)
    {
        Directory.CreateDirectory(path);
        string[] keys = ["preset=grpo", $"run.updates={Planned ?? Updates}", $"group.policy-rollouts={PolicyRollouts}"];
        File.WriteAllText(
            Path.Combine(path, "effective.conf"),
            IcpoConfiguration.Load(new ConfigurationSources { Overrides = [.. keys] }).Render()
        );
        WriteMetrics(Path.Combine(path, "metrics.jsonl"));
        WriteJournal(path);
        Nodes().Write(new RunDirectory(path));
        File.WriteAllText(
            Path.Combine(path, "events.jsonl"),
            """
            {"time":"2026-01-01T00:00:00+00:00","kind":"started","update":0,"text":"The run was created."}
            {"time":"2026-01-01T00:00:05+00:00","kind":"worker-fault","update":2,"text":"node-b/engine-0 has failed: no memory"}
            {"time":"2026-01-01T00:00:09+00:00","kind":"health","update":3,"text":"cut-off: nearly all responses end at the token limit."}
            {"time":"2026-01-01T00:0

            """
        );
    }

    /// <summary>A node that takes part and one that has left.</summary>
    private NodeRecords Nodes()
    {
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var node = new NodeRecord
        {
            Name = "node-a",
            Roles = ["rollout", "expert"],
            Device = "cpu",
            Slots = 8,
            Version = Updates - 1,
            Leases = 3,
            Rollouts = 20,
            Cases = 0,
            Joined = start,
        };
        NodeRecord left = node with
        {
            Name = "node-b",
            Roles = ["verifier"],
            Faults = 1,
            LastFault = "no memory",
            Left = start.AddSeconds(9),
        };
        return new NodeRecords(start.AddSeconds(10), Updates, [node, left]);
    }

    private void WriteMetrics(string path)
    {
        using var file = new StreamWriter(path) { NewLine = "\n" };
        file.WriteLine("""{"kind":"evaluation","update":0,"seconds":0.5,"accuracy":0.25,"questions":100,"correct":25,"by_tag":{}}""");
        for (int update = 1; update <= Updates; update++)
        {
            var line = new StringBuilder();
            line.Append(CultureInfo.InvariantCulture, $"{{\"kind\":\"update\",\"update\":{update},\"seconds\":{2 * update}");
            line.Append(
                CultureInfo.InvariantCulture,
                $",\"loss\":{Math.Sin(update)},\"policy/entropy\":{1.0 / update},\"seconds/update\":1.5"
            );
            line.Append(CultureInfo.InvariantCulture, $",\"reward/mean\":{1 - (1.0 / update)},\"staleness/mean\":1");
            for (int i = 0; i < MoreMetrics; i++)
            {
                line.Append(CultureInfo.InvariantCulture, $",\"more/{i}\":{Math.Cos(update + i)}");
            }

            file.WriteLine(line.Append('}'));
        }

        file.WriteLine("""{"kind":"evaluation","update":5,"seconds":11,"accuracy":0.75,"questions":100,"correct":75,"by_tag":{}}""");
        file.Write("""{"kind":"update","update":99""");
    }

    private void WriteJournal(string path)
    {
        using var segments = new SegmentLog(Path.Combine(path, "payloads"));
        List<IBufferEvent> events = [new EpochStartedEvent(Epoch)];
        for (int update = 1; update <= Updates; update++)
        {
            List<GroupId> groups = [];
            for (int i = 0; i < GroupsPerUpdate; i++)
            {
                TrainingGroup group = Group((((long)update - 1) * GroupsPerUpdate) + i, Math.Max(0, update - 2));
                BlobRef blob = segments.Append(GroupPayload.Write(group));
                OriginCount kept = new(Origin.Policy, group.Members.Length, group.Tokens);
                events.Add(new GroupAdmittedEvent(group.Id, group.Spec.DispatchedAt, blob, [kept], []));
                groups.Add(group.Id);
            }

            var from = new PolicyVersion(update - 1);
            events.Add(new UpdatePreparedEvent(from, Epoch, [.. groups]));
            events.Add(new UpdateCommittedEvent(from.Next(), Epoch, new string((char)('a' + (update % 6)), 64)));
        }

        events.Add(Rejected(path));
        segments.Flush();
        JournalRows.Write(path, events);
    }

    private GroupRejectedEvent Rejected(string path)
    {
        var id = new GroupId((long)Updates * GroupsPerUpdate);
        ImmutableArray<DroppedRollout> dropped =
        [
            .. Enumerable
                .Range(0, PolicyRollouts)
                .Select(sibling => new DroppedRollout(new RolloutId(id, Origin.Policy, sibling), Tokens, DropReason.GroupRejected)),
        ];
        var text = new RejectedRollout(dropped[0].Id, dropped[0].Reason, "Wrong", "why?", "because", "a dropped response");
        File.WriteAllText(Path.Combine(path, "rejected.jsonl"), RejectedRollouts.Line(text).ToJsonString() + "\n");
        return new GroupRejectedEvent(id, GroupRejection.NoSignal, dropped);
    }

    private TrainingGroup Group(long id, long version)
    {
        var spec = new GroupSpec
        {
            Id = new GroupId(id),
            Question = new Question
            {
                Id = $"q{id}",
                Text = $"Question {id} {Hostile}",
                Answer = Extracted,
            },
            Prompt = [1, 2],
            PolicyRollouts = PolicyRollouts,
            ExpertRollouts = 0,
            DispatchedAt = new PolicyVersion(version),
        };
        return new TrainingGroup
        {
            Spec = spec,
            Members = [.. Enumerable.Range(0, PolicyRollouts).Select(sibling => Judged(spec, sibling))],
            Dropped = [],
        };
    }

    private JudgedRollout Judged(GroupSpec spec, int sibling)
    {
        var rollout = new Rollout
        {
            Id = new RolloutId(spec.Id, Origin.Policy, sibling),
            Tokens = [.. Enumerable.Range('a', Tokens)],
            LogProbs = [.. Enumerable.Range(0, Tokens).Select(place => -0.25f * place)],
            Versions = [.. Enumerable.Range(0, Tokens).Select(place => spec.DispatchedAt.Value + (place * 2 / Tokens * (sibling % 2)))],
            Finish = FinishReason.Stop,
            Seed = (ulong)sibling,
            Text = $"response {spec.Id.Value}/{sibling} {Hostile}",
        };
        return new(rollout, sibling % 2 == 0 ? Judgment.Correct(Extracted) : Judgment.Wrong("41", "41 is not 42"));
    }

    /// <summary>The tables of a journal.</summary>
    private static class JournalRows
    {
        public static void Write(string path, List<IBufferEvent> events)
        {
            using var connection = new SqliteConnection($"Data Source={Path.Combine(path, "journal.db")};Pooling=False");
            connection.Open();
            Execute(connection, File.ReadAllText(Repository.In("deploy", "sql", "sqlite.sql")));
            using SqliteTransaction transaction = connection.BeginTransaction();
            using SqliteCommand insert = connection.CreateCommand();
            insert.Transaction = transaction;
            insert.CommandText =
                "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest) "
                + "VALUES (0, 0, 'trajectory-buffer', $number, $message, $manifest)";
            SqliteParameter number = insert.Parameters.Add("$number", SqliteType.Integer);
            SqliteParameter message = insert.Parameters.Add("$message", SqliteType.Blob);
            SqliteParameter manifest = insert.Parameters.Add("$manifest", SqliteType.Text);
            foreach ((int index, IBufferEvent one) in events.Index())
            {
                (number.Value, message.Value, manifest.Value) = (index + 1, WireFormat.Write(one), WireFormat.Manifest(one));
                insert.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        private static void Execute(SqliteConnection connection, string text)
        {
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is a file of the repository.
            command.CommandText = text;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }
}
