using ICPO.Actors.Contracts.Identity;

namespace ICPO.Actors.Contracts.Policies;

/// <summary>Published weights: a safetensors file, complete once it has this name, and its hash.</summary>
/// <param name="Version">Committed updates of these weights.</param>
/// <param name="Epoch">The learner incarnation that wrote them.</param>
/// <param name="Path">Path of the file.</param>
/// <param name="Sha256">The SHA-256 of the whole file, lower-case hex.</param>
/// <param name="Length">The length of the file, in bytes.</param>
public sealed record PolicySnapshot(PolicyVersion Version, LearnerEpoch Epoch, string Path, string Sha256, long Length);
