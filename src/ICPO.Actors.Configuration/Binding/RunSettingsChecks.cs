using ICPO.Actors.Algorithm.ExpertMixing;
using ICPO.Actors.Algorithm.GroupFiltering;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Rollouts;

namespace ICPO.Actors.Configuration.Binding;

/// <summary>Reports keys that are valid one by one but contradict each other.</summary>
internal static class RunSettingsChecks
{
    public static void Check(SettingsReader read, RunSettings settings)
    {
        GroupSettings group = settings.Group;
        int sampled = group.PolicyRollouts + group.ExpertRollouts;
        int trained = settings.Expert.RejectSampling ? Math.Max(group.PolicyRollouts, 1) : sampled;
        read.Require(
            sampled > 0,
            "icpo.group.policy-rollouts and icpo.group.expert-rollouts are both 0; a group needs at least one rollout."
        );
        read.Require(
            !group.Advantage.IsRelative || trained > 1 || sampled == 0,
            "A group trains on one rollout, whose advantage is 0; raise icpo.group.policy-rollouts or set icpo.group.advantage = one."
        );
        read.Require(
            settings.Expert is not { Source: ExpertSource.Trace, ScoredUnder: ScoringContext.Prompt },
            "icpo.expert.scored-under = prompt keeps the prompt that a rollout was sampled from, but traces are not sampled; set it to "
                + "question."
        );
        read.Require(
            settings.Expert.Replaces != ExpertReplacement.All || group.ExpertRollouts <= 1 || !group.Advantage.IsRelative,
            "icpo.expert.replaces = all trains on expert rollouts alone, whose equal rewards give advantages of 0; set "
                + "icpo.group.expert-rollouts = 1 or icpo.group.advantage = one."
        );
        read.Require(
            settings.Expert.When != ExpertUse.Failed || group.PolicyRollouts > 0,
            "icpo.expert.when = failed needs policy rollouts that can fail; raise icpo.group.policy-rollouts."
        );
        read.Require(
            settings.Selection.SamplesPerInsert == 1 || settings.Admission is { HardStalenessBound: null, MaxQueueAge: null },
            "icpo.buffer.samples-per-insert above 1 trains on groups again later, which icpo.admission.hard-staleness-bound and "
                + "icpo.admission.max-queue-age would reject; set both to off."
        );
        ObjectiveBinding.CheckTeacher(read, settings.Learner.Objective, settings.Expert.HasTeacher);
        read.Require(
            settings.Sampler.Temperature is 0 or >= SamplerSettings.MinTemperature,
            $"icpo.sampler.temperature = {settings.Sampler.Temperature} is too low to divide by; use 0 for the most probable token, or at "
                + $"least {SamplerSettings.MinTemperature}."
        );
        ObjectiveBinding.Check(read, settings.Learner.Objective);
        string? servers = InferenceServerBinding.Problem(settings);
        read.Require(servers is null, servers ?? "");
        read.Require(
            settings.Learner.Optimizer.WarmupUpdates <= settings.Updates,
            $"icpo.optimizer.warmup-updates = {settings.Learner.Optimizer.WarmupUpdates} exceeds icpo.run.updates = {settings.Updates}."
        );
        read.Require(
            settings.Learner.MiniBatches <= group.GroupsPerUpdate,
            $"icpo.learner.mini-batches = {settings.Learner.MiniBatches} exceeds icpo.group.groups-per-update = {group.GroupsPerUpdate}."
        );
        read.Require(
            settings.Journal.Path.Length > 0 || settings.Journal.ConnectionString.Length > 0,
            "icpo.journal.path and icpo.journal.connection-string are both empty; set one of them."
        );
        string? problem = JournalProblem(settings.Journal);
        read.Require(problem is null, $"icpo.journal.connection-string is invalid ({problem}); use {JournalConnection.Forms}.");
        read.Require(
            problem is not null || settings.Journal.Payloads != PayloadPlace.Database || settings.Journal.IsServer,
            "icpo.journal.payloads = database needs a PostgreSQL server; set icpo.journal.connection-string, or use auto or files."
        );
        read.Require(
            settings.RunId.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'),
            $"icpo.run.id = {settings.RunId} may only contain letters, digits, '-', '_' and '.'."
        );
    }

    private static string? JournalProblem(JournalSettings journal)
    {
        try
        {
            _ = journal.ConnectionString.Length > 0 ? JournalConnection.Parse(journal.ConnectionString) : null;
            return null;
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            return error.Message;
        }
    }
}
