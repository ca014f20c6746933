using System.Collections.Immutable;
using ICPO.Actors.RunFiles.Directories;
using ICPO.Actors.RunFiles.Inputs;

namespace ICPO.Actors.RunFiles.Tests.Inputs;

public sealed class InputComparisonTests
{
    private static readonly RunInput File = new()
    {
        Kind = InputKind.Data,
        Key = "icpo.task.jsonl.path",
        Name = "train.jsonl",
        Path = "/data/train.jsonl",
        Sha256 = "aa",
        Length = 3,
    };

    private static readonly RunInput Convention = new()
    {
        Kind = InputKind.Verifier,
        Key = "icpo.verification.math.round-to",
        Name = "",
        Sha256 = "11",
        Value = "off",
    };

    private static readonly RunInput Part = new()
    {
        Kind = InputKind.Verifier,
        Key = RunInput.InProcess,
        Name = "mine",
        Sha256 = "v1",
        Value = "1",
    };

    [Fact]
    public void The_same_content_at_another_place_is_no_change() =>
        Assert.Empty(Compare([File, Convention, Part], [Part, Convention, File with { Path = "/elsewhere/train.jsonl", Stamp = "x" }]));

    [Fact]
    public void Changed_missing_and_new_files_are_changes_and_the_sentence_names_them()
    {
        InputChange changed = Assert.Single(Compare([File], [File with { Sha256 = "bb" }]));
        InputChange gone = Assert.Single(Compare([File], []));
        InputChange added = Assert.Single(Compare([], [File]));
        foreach (InputChange change in new[] { changed, gone, added })
        {
            Assert.Contains(File.Path!, new ChangedInputsException([change]).Message);
        }

        Assert.Equal((false, true, false), (changed.Current is null, gone.Current is null, added.Current is null));
    }

    [Fact]
    public void A_convention_is_named_by_its_key_and_a_new_one_is_no_change()
    {
        InputChange changed = Assert.Single(Compare([Convention], [Convention with { Sha256 = "22", Value = "3" }]));
        Assert.Contains(Convention.Key, changed.Description);
        Assert.Empty(Compare([], [Convention]));
    }

    [Fact]
    public void A_part_of_the_host_app_is_compared_where_both_sides_give_a_version()
    {
        Assert.Single(Compare([Part], [Part with { Sha256 = "v2", Value = "2" }]));
        Assert.Empty(Compare([Part], [Part with { Sha256 = "", Value = null }]));
        Assert.Equal(2, Compare([Part], [Part with { Name = "other" }]).Length);
    }

    [Fact]
    public void Inputs_are_read_back_as_they_were_written_and_a_damaged_file_is_named()
    {
        using var folder = new TemporaryFolder();
        var directory = new RunDirectory(folder.Path);
        Assert.Null(RunInputs.Read(directory));
        new RunInputs([File, Convention, Part]).Write(directory);
        Assert.Equal([File, Convention, Part], RunInputs.Read(directory)!.Inputs);
        foreach (string damaged in new[] { "", "{}", "[]", "null", "{\"inputs\":[null]}", "{\"inputs\":[{}]}", "{\"inputs\":3}" })
        {
            System.IO.File.WriteAllText(directory.Inputs, damaged);
            Assert.Contains(directory.Inputs, Assert.Throws<InvalidDataException>(() => RunInputs.Read(directory)).Message);
        }
    }

    private static ImmutableArray<InputChange> Compare(ImmutableArray<RunInput> recorded, ImmutableArray<RunInput> current) =>
        InputComparison.Compare(recorded, current);
}
