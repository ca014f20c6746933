using System.Collections.Immutable;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Tasks;
using ICPO.Actors.Tasks;
using ICPO.Actors.Tasks.Verifiers;
using ICPO.Actors.Verification.Workers;

namespace ICPO.Actors.Verification;

/// <summary>Creates the configured verifier, in this process or in supervised worker processes.</summary>
public static class RunVerifiers
{
    /// <summary>
    /// With <see cref="VerifierIsolation.Auto"/>, verifiers that a response could keep busy run in worker processes. If no worker program
    /// is found they run in this process, and <paramref name="note"/> gets the reason: they still have their own bounds (budget, match
    /// timeout), but a thread that exceeds them cannot be killed.
    /// </summary>
    /// <param name="stopStrings">The stop strings of the task.</param>
    /// <param name="note">Called with messages for the owner of the run.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or no program is found for a required worker process.</exception>
    public static IVerifier Create(VerificationSettings settings, ImmutableArray<string> stopStrings, Action<string> note)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(note);
        VerifierSettings own = settings.Settings with { StopStrings = stopStrings, Limits = new(settings.Timeout, settings.Parallel) };
        if (VerifierRegistry.IsExternal(settings.Verifier, own))
        {
            return settings.Verifier == CompositeVerifier.VerifierName
                ? new CompositeVerifier(own, part => PartOf(settings, part, stopStrings, note))
                : VerifierRegistry.Create(settings.Verifier, own, settings.Task);
        }

        IVerifier verifier = VerifierRegistry.Create(settings.Verifier, own, settings.Task);
        bool wanted =
            settings.Isolation == VerifierIsolation.Process
            || (settings.Isolation == VerifierIsolation.Auto && VerifierRegistry.NeedsSupervision(settings.Verifier, own));
        if (!wanted)
        {
            return verifier;
        }

        if (WorkerExecutable.Find(settings.Executable) is not { } executable)
        {
            string missing = $"no icpo program was found in {AppContext.BaseDirectory} to start as a worker process";
            if (settings.Isolation == VerifierIsolation.Process)
            {
                throw new ArgumentException(
                    $"icpo.verification.isolation is process, but {missing}; " + "set icpo.verification.executable to a program.",
                    nameof(settings)
                );
            }

            note($"Verifier {settings.Verifier} runs in this process: {missing}. A response that takes long to verify blocks its thread.");
            return verifier;
        }

        return new VerifierPool(
            new()
            {
                Verifier = settings.Verifier,
                Settings = own,
                Task = settings.Task,
                Executable = executable,
                Workers = settings.Parallel > 0 ? settings.Parallel : Environment.ProcessorCount,
                Timeout = settings.Timeout,
                Memory = settings.Memory,
            }
        );
    }

    /// <summary>A part of a composite with external verifiers: each part gets the processes that it needs by itself.</summary>
    private static IVerifier PartOf(VerificationSettings settings, string part, ImmutableArray<string> stopStrings, Action<string> note)
    {
        IVerifier verifier = Create(settings with { Verifier = part }, stopStrings, note);
        return verifier.EnforcesDeadline ? verifier : new DeadlineVerifier(verifier, settings.Timeout);
    }
}
