using System.Collections.Immutable;
using ICPO.Actors.Configuration.Grids;
using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Configuration.Tests;

/// <summary>The section <c>compare</c> of a run file.</summary>
public sealed class ComparisonGridTests
{
    public static TheoryData<string> Files { get; } = [.. Directory.GetFiles(Repository.In("hocon", "grids")).Order()];

    [Fact]
    public void The_cells_are_the_settings_times_the_values_of_every_axis()
    {
        ComparisonGrid grid = Read(
            """
            compare {
              seeds = [1, 2, 5]
              presets = [grpo, icpo]
              settings { few { task.arithmetic.pool = 4 }, many { icpo.task.arithmetic.pool = 104 } }
              axes { admission.max-staleness = [0, 8], icpo.objective.correction = none }
            }
            """
        );
        Assert.Equal("1,2,5", grid.Options["seeds"]);
        Assert.Equal(["grpo", "icpo"], grid.Presets!.Value);
        Assert.Equal(
            [
                "few,max-staleness=0,correction=none",
                "few,max-staleness=8,correction=none",
                "many,max-staleness=0,correction=none",
                "many,max-staleness=8,correction=none",
            ],
            grid.Cells.Select(cell => cell.Label)
        );
        Assert.Equal(["task.arithmetic.pool=104", "admission.max-staleness=8", "objective.correction=none"], grid.Cells[^1].Values);
    }

    [Fact]
    public void An_arm_is_an_object_or_a_chain_and_keeps_its_place()
    {
        ComparisonGrid grid = Read(
            """
            compare.arms {
              long { preset = grpo, run.updates = 300, objective.masks = [] }
              chain = "sft,run.updates=8>grpo"
              long.run.updates = 200
            }
            """
        );
        Assert.Equal(["long", "chain"], grid.Arms.Select(arm => arm.Label));
        Assert.Equal(["preset=grpo", "run.updates=200", "objective.masks=[]"], grid.Arms[0].Values);
        Assert.Equal("sft,run.updates=8>grpo", grid.Arms[1].Chain);
        Assert.Equal([GridCell.Only], grid.Cells);
        Assert.Null(grid.Presets);
    }

    [Theory]
    [InlineData("compare.seed = 3", "compare.seed")]
    [InlineData("compare.axes.run.seed = [1, 2]", "run.seed")]
    [InlineData("compare.arms.a.icpo.run.directory = x", "run.directory")]
    [InlineData("compare.axes.run.updates = []", "run.updates")]
    [InlineData("compare.axes.run.updates = [5, 5]", "run.updates")]
    [InlineData("compare.axes.model.path = [\"a/b\", \"a_b\"]", "path=a_b")]
    [InlineData("compare.settings.few = 4", "compare.settings.few")]
    [InlineData("compare.arms.\"a/b\" = grpo", "a/b")]
    [InlineData("compare { arms.a.run.updates = 4, axes.run.updates = [5, 6] }", "run.updates")]
    [InlineData("compare { settings.a.run.updates = 4, axes.run.updates = [5, 6] }", "run.updates")]
    public void A_mistake_is_an_error_that_names_it(string text, string name)
    {
        string problem = Assert.Throws<ConfigurationException>(() => Read(text)).Problems[0];
        Assert.Contains(name, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_grid_of_very_many_cells_is_an_error_before_it_is_computed()
    {
        IEnumerable<string> axes = Enumerable.Range(0, 40).Select(i => $"compare.axes.key{i} = [1, 2, 3, 4, 5, 6, 7, 8, 9]");
        Assert.Throws<ConfigurationException>(() => Read(string.Join('\n', axes)));
    }

    [Fact]
    public void The_section_is_not_part_of_the_configuration_of_its_runs()
    {
        var file = new ConfigurationFile("grid.conf", "compare.seeds = 1-3\nicpo.run.updates = 7");
        Assert.Throws<ConfigurationException>(() => IcpoConfiguration.Load(new ConfigurationSources { Files = [file] }));
        ConfigurationFile common = file with { OmittedPrefix = ComparisonGrid.Section };
        Assert.Equal(7, IcpoConfiguration.Load(new ConfigurationSources { Files = [common] }).Settings.Updates);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_run_of_the_grids_of_this_repository_is_valid(string path)
    {
        ConfigurationFile file = ConfigurationFile.Open(path) with { OmittedPrefix = ComparisonGrid.Section };
        var grid = ComparisonGrid.Read(file);
        ImmutableArray<ImmutableArray<string>> arms =
        [
            .. (grid.Presets ?? []).Select(preset => ImmutableArray.Create($"preset={preset}")),
            .. grid.Arms.Where(arm => arm.Chain is null).Select(arm => arm.Values),
        ];
        Assert.All(arms.SelectMany(arm => grid.Cells.Select(cell => arm.AddRange(cell.Values))), values =>
            IcpoConfiguration.Load(new ConfigurationSources { Files = [file], Overrides = values })
        );
    }

    [Fact]
    public void Any_product_has_as_many_different_cells_as_combinations() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4], Gen.Int[0, 3])
            .Sample(
                (first, second, settings) =>
                {
                    string text =
                        $"compare.axes {{ run.updates = [{string.Join(", ", Enumerable.Range(1, first))}], "
                        + $"learner.threads = [{string.Join(", ", Enumerable.Range(1, second))}] }}\n"
                        + string.Join('\n', Enumerable.Range(0, settings).Select(i => $"compare.settings.s{i}.engine.slots = {i + 1}"));
                    ComparisonGrid grid = Read(text);
                    Assert.Equal(first * second * Math.Max(1, settings), grid.Cells.Length);
                    Assert.Equal(grid.Cells.Length, grid.Cells.DistinctBy(cell => string.Join(' ', cell.Values)).Count());
                    Assert.Equal(grid.Cells.Length, grid.Cells.DistinctBy(cell => cell.Label).Count());
                }
            );

    private static ComparisonGrid Read(string text) => ComparisonGrid.Read(new ConfigurationFile("grid.conf", text));
}
