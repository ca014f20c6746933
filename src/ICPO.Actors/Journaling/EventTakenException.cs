namespace ICPO.Actors.Journaling;

/// <summary>Another process has written an event of this number.</summary>
internal sealed class EventTakenException(string persistenceId, long sequenceNr)
    : IOException(
        $"Another process has written event {sequenceNr} of {persistenceId}: two runs share a journal and a run.id. Stop one of them."
    );
