using System.Collections.Immutable;
using Akka.Configuration;
using ICPO.Actors.Configuration.Binding;
using ICPO.Actors.Configuration.Hocon;
using ICPO.Actors.Configuration.Layers;

namespace ICPO.Actors.Configuration.Tests;

public sealed class ReferenceTests
{
    [Fact]
    public void Every_key_of_the_reference_is_bound_and_every_bound_key_is_in_the_reference()
    {
        ImmutableArray<ConfigurationValue> reference = HoconReader.Read(IcpoConfiguration.ReferenceText, "reference");
        ImmutableArray<string>.Builder problems = ImmutableArray.CreateBuilder<string>();
        var reader = new SettingsReader(reference.ToDictionary(v => v.Key), problems);
        RunSettingsBinding.Bind(reader);
        Assert.Empty(problems);
        Assert.Equal(reference.Select(v => v.Key).Order(), reader.KeysRead.Order());
    }

    [Fact]
    public void Every_key_of_the_reference_has_a_comment_or_shares_that_of_its_pair()
    {
        string[] lines = IcpoConfiguration.ReferenceText.Split('\n');
        string[] bare =
        [
            .. lines
                .Where(
                    (line, i) =>
                        line.Contains(" = ", StringComparison.Ordinal)
                        && !IsComment(line)
                        && !IsComment(lines[i - 1])
                        && !IsComment(lines[i - 2])
                )
                .Select(line => line.Trim()),
        ];
        Assert.Empty(bare);

        static bool IsComment(string line) => line.TrimStart().StartsWith('#');
    }

    [Fact]
    public void Akka_reads_the_reference_and_a_rendered_configuration_the_same_way()
    {
        string rendered = IcpoConfiguration
            .Load(new ConfigurationSources { Overrides = ["model.path=C:\\models\\a b", "run.name=x: \"y\""] })
            .Render();
        foreach (string text in new[] { IcpoConfiguration.ReferenceText, rendered })
        {
            Config akka = ConfigurationFactory.ParseString(text);
            foreach (ConfigurationValue value in HoconReader.Read(text, "text"))
            {
                if (value.Items is { } items)
                {
                    // Akka's parser returns white-space list items as empty strings.
                    Assert.Equal(items.Select(i => string.IsNullOrWhiteSpace(i) ? "" : i), akka.GetStringList(value.Key));
                }
                else
                {
                    Assert.Equal(value.Text, akka.GetString(value.Key));
                }
            }
        }
    }

    [Fact]
    public void Written_values_are_read_back_unchanged()
    {
        Gen.String[Gen.Char[' ', '~'], 0, 20]
            .Array[0, 4]
            .Sample(items =>
            {
                ConfigurationValue list = Assert.Single(HoconReader.Read($"a.b = {HoconWriter.List(items)}", "text"));
                Assert.Equal(items, list.Items);
                ConfigurationValue text = Assert.Single(
                    HoconReader.Read($"a.b = {HoconWriter.Scalar(string.Concat(items))} # end", "text")
                );
                Assert.Equal(string.Concat(items), text.Text);
            });
    }
}
