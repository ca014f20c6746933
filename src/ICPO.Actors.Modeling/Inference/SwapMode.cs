namespace ICPO.Actors.Modeling.Inference;

/// <summary>How an engine that is decoding gets new weights.</summary>
public enum SwapMode
{
    /// <summary>As <see cref="Beside"/> where there is memory for it, otherwise as <see cref="Pause"/>.</summary>
    Auto,

    /// <summary>They are loaded into a second set of tensors, which replaces the first between two decode steps.</summary>
    Beside,

    /// <summary>They are loaded into place; decoding waits for that.</summary>
    Pause,
}
