namespace ICPO.Actors.Modeling.Backend;

/// <summary>Which special tokens are put around a prompt.</summary>
public enum SpecialTokenRule
{
    /// <summary>Those that a call of the model's tokenizer adds, as in transformers.</summary>
    Auto,

    /// <summary>None.</summary>
    None,

    /// <summary>The model's begin of text, whether its tokenizer adds it or not.</summary>
    Begin,
}
