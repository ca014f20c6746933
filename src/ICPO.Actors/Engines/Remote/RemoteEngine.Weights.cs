using System.Text.Json;
using System.Text.Json.Nodes;
using ICPO.Actors.Configuration.Settings;
using ICPO.Actors.Contracts.Identity;
using ICPO.Actors.Contracts.Policies;

namespace ICPO.Actors.Engines.Remote;

/// <summary>The weights of the server.</summary>
internal sealed partial class RemoteEngine
{
    public async Task SwapAsync(PolicySnapshot snapshot, CancellationToken cancellationToken)
    {
        if (_settings.Weights == ServerWeights.None)
        {
            return;
        }

        await _preparing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ServerWeightsFolder folder = Folder(snapshot.Version);
            await _parts.Reference.SaveAsync(snapshot, folder.Path).ConfigureAwait(false);
            ServerWeightsFolder? before = _used;
            await _gate.CloseAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await LoadAsync(folder, snapshot, cancellationToken).ConfigureAwait(false);
                _used = folder;
            }
            finally
            {
                _gate.Open();
            }

            await RemoveAsync(before, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _preparing.Release();
        }
    }

    /// <summary>Loads weights and checks them. After a failure the server may have any weights, so it is not used again.</summary>
    private async Task LoadAsync(ServerWeightsFolder folder, PolicySnapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            foreach ((string path, JsonObject body) in _protocol.LoadRequests(folder.Path, folder.Model))
            {
                RequireSuccess(path, await _server.PostAsync(path, body, cancellationToken).ConfigureAwait(false));
            }

            string model = _protocol.NamesWeights ? folder.Model : _model;
            await _samples
                .CheckAsync(
                    (prompt, seed, sampler, token) => AskAsync(prompt, seed, sampler, (model, folder.Model), token),
                    snapshot,
                    cancellationToken
                )
                .ConfigureAwait(false);
            _model = model;
            Volatile.Write(ref _isChecked, true);
            Volatile.Write(ref _version, snapshot.Version.Value);
        }
        catch (Exception error)
        {
            Volatile.Write(ref _failure, error);
            throw;
        }
    }

    /// <summary>SGLang reports success in an object; vLLM answers with text.</summary>
    private void RequireSuccess(string path, string answer)
    {
        if (
            answer.StartsWith('{')
            && JsonAnswers.Parse(answer).TryGetProperty("success", out JsonElement success)
            && success.ValueKind != JsonValueKind.True
        )
        {
            throw new InvalidDataException($"{_server.Server}{path} did not load the weights: {answer}");
        }
    }

    /// <summary>Removes earlier weights from the server and from disk. A failure is reported and does not end the engine.</summary>
    private async Task RemoveAsync(ServerWeightsFolder? folder, CancellationToken cancellationToken)
    {
        if (folder is null)
        {
            return;
        }

        try
        {
            foreach ((string path, JsonObject body) in _protocol.UnloadRequests(folder.Model))
            {
                await _server.PostAsync(path, body, cancellationToken).ConfigureAwait(false);
            }

            Directory.Delete(folder.Path, recursive: true);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Note = $"the weights {folder.Model} could not be removed: {error.Message}";
        }
    }

    private ServerWeightsFolder Folder(PolicyVersion version)
    {
        // A server may still have the weights of an engine before this one, under names that it does not accept again.
        string model = $"icpo-{version}-{_instance}";
        return new ServerWeightsFolder(model, Path.Combine(Path.GetFullPath(_settings.WeightsDirectory), _parts.Run, model));
    }
}
