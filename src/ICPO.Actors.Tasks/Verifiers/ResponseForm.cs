namespace ICPO.Actors.Tasks.Verifiers;

/// <summary>The required form of a response.</summary>
public enum ResponseForm
{
    /// <summary>A closed, non-empty <c>\boxed{…}</c>, after the thoughts if there are any.</summary>
    Boxed,

    /// <summary>One block <c>&lt;think&gt;…&lt;/think&gt;</c> followed by text; the opening tag may be part of the prompt.</summary>
    Think,

    /// <summary><see cref="Think"/> and <see cref="Boxed"/>.</summary>
    ThinkBoxed,

    /// <summary>A match of <see cref="FormatSettings.Pattern"/>.</summary>
    Pattern,
}
