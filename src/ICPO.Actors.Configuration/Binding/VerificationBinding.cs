using System.Collections.Immutable;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Commands;
using ICPO.Actors.Tasks.Datasets;
using ICPO.Actors.Tasks.Http;
using ICPO.Actors.Tasks.Judging;
using ICPO.Actors.Tasks.Mixtures;
using ICPO.Actors.Tasks.Rewards;
using ICPO.Actors.Tasks.Verifiers;
using ICPO.MathAnswers.Settings;

namespace ICPO.Actors.Configuration.Binding;

/// <summary>Reads the section <c>verification</c>.</summary>
internal static class VerificationBinding
{
    private const string Auto = "auto";

    public static VerificationSettings Bind(SettingsReader read, TaskSettings task)
    {
        // Data sets have no built-in verdict, and most data sets with verifiable answers are mathematics.
        string configured = read.Choice("verification.verifier", [Auto, .. VerifierRegistry.Names]);
        string auto = task.Name is JsonlTask.TaskName or MixtureTask.TaskName ? MathVerifier.VerifierName : BuiltinVerifier.VerifierName;
        string verifier = configured == Auto ? auto : configured;
        var settings = new VerifierSettings
        {
            IgnoreCase = read.Flag("verification.ignore-case"),
            Tolerance = read.Number("verification.tolerance", 0),
            Math = Math(read),
            Regex = new()
            {
                Pattern = read.Text("verification.regex.pattern"),
                MatchTimeout = read.Duration("verification.regex.match-timeout"),
            },
            Format = new()
            {
                Form = read.Choice<ResponseForm>("verification.format.form"),
                Pattern = read.Text("verification.format.pattern"),
            },
            Composite = new() { Parts = Parts(read), Threshold = read.Number("verification.composite.threshold", 0, 1, above: true) },
            Command = Command(read),
            Http = Http(read),
            Judge = Judge(read),
            Rewards = Rewards(read),
        };
        var bound = new VerificationSettings(
            verifier,
            settings,
            read.Duration("verification.timeout"),
            read.Int("verification.parallel", 0, 1_024)
        )
        {
            Task = task,
            UnreadableGolds = read.Choice<UnreadableGolds>("verification.unreadable-golds"),
            Isolation = read.Choice<VerifierIsolation>("verification.isolation"),
            Memory = read.Int("verification.memory", 64, 1 << 20),
            Executable = read.Text("verification.executable"),
        };
        if (!read.HasInvalidValues)
        {
            string? problem = Problem(bound);
            read.Require(problem is null, $"icpo.verification.verifier = {verifier}: {problem}");
        }

        return bound;
    }

    private static CommandSettings Command(SettingsReader read) =>
        new()
        {
            Run = read.List("verification.command.run"),
            Directory = read.Text("verification.command.directory"),
            Files = read.List("verification.command.files"),
            StartTimeout = read.Duration("verification.command.start-timeout"),
            Memory = read.IntOrOff("verification.command.memory", 16, 1 << 24),
        };

    private static HttpSettings Http(SettingsReader read) =>
        new()
        {
            Url = read.Text("verification.http.url"),
            Batch = read.Int("verification.http.batch", 1, 1024),
            Attempts = read.Int("verification.http.attempts", 1, 100),
            RetryDelay = read.Duration("verification.http.retry-delay"),
            SecretVariable = read.Text("verification.http.secret-variable"),
            Authority = read.Text("verification.http.authority"),
        };

    private static JudgeSettings Judge(SettingsReader read) =>
        new()
        {
            Url = read.Text("verification.judge.url"),
            Model = read.Text("verification.judge.model"),
            System = read.Text("verification.judge.system"),
            Rubric = read.Text("verification.judge.rubric"),
            Pattern = read.Text("verification.judge.pattern"),
            Temperature = read.Number("verification.judge.temperature", 0, 10),
            MaxTokens = read.Int("verification.judge.max-tokens", 1, 1 << 20),
            Attempts = read.Int("verification.judge.attempts", 1, 100),
            RetryDelay = read.Duration("verification.judge.retry-delay"),
            SecretVariable = read.Text("verification.judge.secret-variable"),
            Authority = read.Text("verification.judge.authority"),
        };

    private static RewardScale Rewards(SettingsReader read) =>
        new()
        {
            Minimum = read.Number("verification.rewards.minimum", double.MinValue),
            Maximum = read.Number("verification.rewards.maximum", double.MinValue),
            CorrectFrom = read.Number("verification.rewards.correct-from", double.MinValue),
        };

    private static MathSettings Math(SettingsReader read) =>
        new()
        {
            Order = read.Choices<AnswerPlace>("verification.math.order"),
            SkipThoughts = read.Flag("verification.math.skip-thoughts"),
            ThoughtMarks = ThoughtMarksOf(read),
            UndelimitedLatex = read.Choice<UndelimitedLatex>("verification.math.undelimited-latex"),
            PercentIsNumber = read.Flag("verification.math.percent-is-number"),
            DegreesAreNumbers = read.Flag("verification.math.degrees-are-numbers"),
            BaseMayBeLeftOut = read.Flag("verification.math.base-may-be-left-out"),
            UnitMayBeLeftOut = read.Flag("verification.math.unit-may-be-left-out"),
            PointsAreVectors = read.Flag("verification.math.points-are-vectors"),
            NameMayBeLeftOut = read.Flag("verification.math.name-may-be-left-out"),
            LogIsNatural = read.Flag("verification.math.log-is-natural"),
            IrrationalDecimals = read.Int("verification.math.irrational-decimals", 1, 15),
            RoundTo = read.IntOrOff("verification.math.round-to", 0, 15),
            RelativeTolerance = read.Number("verification.math.relative-tolerance", 0, 0.5),
            Budget = read.Int("verification.math.budget", 100, 1_000_000_000),
        };

    private static ImmutableArray<string> ThoughtMarksOf(SettingsReader read)
    {
        const string Key = "verification.math.thought-marks";
        ImmutableArray<string> marks = read.List(Key);
        string? problem = marks.Select(ThoughtMarks.Problem).FirstOrDefault(p => p is not null);
        read.Require(problem is null, $"icpo.{Key}: {problem}.");
        return problem is null ? marks : ThoughtMarks.Default;
    }

    private static ImmutableArray<CompositePart> Parts(SettingsReader read)
    {
        const string Key = "verification.composite.parts";
        ImmutableArray<CompositePart?> parts = [.. read.List(Key).Select(CompositePart.Parse)];
        bool valid =
            parts.Length > 0
            && parts.All(p => p is not null && p.Verifier != CompositeVerifier.VerifierName && VerifierRegistry.Names.Contains(p.Verifier));
        read.Require(
            valid,
            $"icpo.{Key} = [{string.Join(", ", read.List(Key).Select(p => $"\"{p}\""))}] is not allowed; "
                + "it must be a list of verifiers with weights above 0, such as [\"math 0.9\", \"format 0.1\"]."
        );
        return valid ? [.. parts.OfType<CompositePart>()] : new CompositeSettings().Parts;
    }

    private static string? Problem(VerificationSettings bound)
    {
        try
        {
            _ = VerifierRegistry.Create(bound.Verifier, bound.Settings, bound.Task);
            return null;
        }
        catch (ArgumentException e)
        {
            return e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal);
        }
    }
}
