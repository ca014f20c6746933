using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using ICPO.Actors.Algorithm.Admission;
using ICPO.Actors.Configuration.Layers;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Rollouts;
using ICPO.Actors.Modeling.Lora;
using ICPO.Actors.Modeling.Training;
using ICPO.Actors.Tasks;
using ICPO.MathAnswers.Settings;

namespace ICPO.Actors.Configuration.Tests;

/// <summary>A default exists once, in reference.conf: a settings record that code creates without configuration has the same one.</summary>
public sealed class DefaultsTests
{
    /// <summary>Settings that no key of reference.conf sets.</summary>
    private static readonly string[] Unconfigured = ["PretrainingSettings", "PretrainingRowSettings"];

    private static readonly Type[] Assemblies =
    [
        typeof(SamplerSettings),
        typeof(AdmissionSettings),
        typeof(TaskSettings),
        typeof(MathSettings),
        typeof(LearnerSettings),
    ];

    [Fact]
    public void The_defaults_of_every_settings_record_are_those_of_the_reference()
    {
        var walk = new Walk();
        walk.Compare("", IcpoConfiguration.Load().Settings);
        Assert.Empty(walk.Differences);
        IEnumerable<string> expected = Assemblies
            .SelectMany(type => type.Assembly.GetExportedTypes())
            .Where(type => type.Name.EndsWith("Settings", StringComparison.Ordinal) && type != typeof(LoraSettings) && !type.IsAbstract)
            .Select(type => type.Name)
            .Except(Unconfigured);
        Assert.Empty(expected.Except(walk.Types));
    }

    [Fact]
    public void The_defaults_of_an_adapter_are_those_of_the_reference()
    {
        LoraSettings bound = IcpoConfiguration.Load(new ConfigurationSources { Overrides = ["model.lora.rank=4"] }).Settings.Model.Lora!;
        var walk = new Walk();
        walk.Compare("lora", bound, new LoraSettings { Rank = 4 });
        Assert.Empty(walk.Differences);
    }

    [Fact]
    public void The_defaults_of_the_verification_are_those_of_the_reference()
    {
        VerificationSettings bound = IcpoConfiguration.Load().Settings.Verification;
        var walk = new Walk();
        walk.Compare("verification", bound, new VerificationSettings(bound.Verifier, bound.Settings, bound.Timeout, bound.Parallel));
        Assert.Empty(walk.Differences);
    }

    /// <summary>Compares bound settings with newly created ones, property by property.</summary>
    private sealed class Walk
    {
        public List<string> Differences { get; } = [];

        public HashSet<string> Types { get; } = [];

        /// <summary>Visits the properties of a bound record, and compares those whose types have defaults.</summary>
        public void Compare(string path, object bound)
        {
            object? created = HasDefaults(bound.GetType()) ? Activator.CreateInstance(bound.GetType()) : null;
            Compare(path, bound, created);
        }

        public void Compare(string path, object bound, object? created)
        {
            if (created is not null)
            {
                Types.Add(bound.GetType().Name);
            }

            foreach (PropertyInfo property in bound.GetType().GetProperties().Where(p => p.CanWrite))
            {
                string name = $"{path}.{property.Name}";
                object? value = property.GetValue(bound);
                if (value?.GetType() is { IsClass: true, Namespace: { } space } && space.StartsWith("ICPO", StringComparison.Ordinal))
                {
                    Compare(name, value);
                    if (created is not null && property.GetValue(created)?.GetType() != value.GetType())
                    {
                        Differences.Add($"{name}: {value.GetType().Name} in reference.conf, {property.GetValue(created)} in the record");
                    }
                }
                else if (created is not null && Text(value) != Text(property.GetValue(created)))
                {
                    Differences.Add($"{name}: {Text(value)} in reference.conf, {Text(property.GetValue(created))} in the record");
                }
            }
        }

        /// <summary>False where the caller has to give a value.</summary>
        private static bool HasDefaults(Type type) =>
            type.GetConstructor(Type.EmptyTypes) is not null && type.GetCustomAttribute<RequiredMemberAttribute>() is null;

        private static string Text(object? value) =>
            value switch
            {
                null => "null",
                string text => text,
                IEnumerable items => $"[{string.Join(", ", items.Cast<object>().Select(Text))}]",
                _ => value.ToString()!,
            };
    }
}
