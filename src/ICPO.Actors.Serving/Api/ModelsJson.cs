using System.Text.Json.Nodes;
using ICPO.Actors.Serving.Requests;

namespace ICPO.Actors.Serving.Api;

/// <summary>The list of models, which has one.</summary>
internal static class ModelsJson
{
    public static JsonObject List(ServedModel served) => new() { ["object"] = "list", ["data"] = new JsonArray(One(served)) };

    public static JsonObject One(ServedModel served) =>
        new()
        {
            ["id"] = served.Name,
            ["object"] = "model",
            ["created"] = served.Created,
            ["owned_by"] = "icpo",
            ["max_model_len"] = served.Model.Context,
        };
}
