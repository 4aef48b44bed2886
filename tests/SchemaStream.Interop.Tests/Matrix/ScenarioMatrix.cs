using System.Text.Json;
using System.Text.Json.Nodes;

namespace SchemaStream.Interop.Tests.Matrix;

/// <summary>Which scenarios a client runs, and whether the outcome is what it is with all the others.</summary>
internal static class ScenarioMatrix
{
    /// <summary>All scenarios but those that the client has no means for.</summary>
    public static TheoryData<string> Without(params string[] beyondTheClient)
    {
        var unknown = beyondTheClient.Except(Scenarios.All.Select(scenario => scenario.Name)).ToList();
        return unknown.Count == 0
            ? [.. Scenarios.All.Select(scenario => scenario.Name).Except(beyondTheClient)]
            : throw new ArgumentException($"no scenarios: {string.Join(", ", unknown)}", nameof(beyondTheClient));
    }

    /// <summary>A topic, and group, of this client and scenario alone.</summary>
    public static string TopicOf(string client, string scenario) => $"{client}-{scenario}";

    public static void ShouldBeAsWithAnyClient(string scenario, JsonElement outcome) =>
        ShouldBeAsWithAnyClient(scenario, JsonNode.Parse(outcome.GetRawText())!);

    public static void ShouldBeAsWithAnyClient(string scenario, JsonNode outcome)
    {
        var expected = Scenarios.All.Single(one => one.Name == scenario);
        JsonNode.DeepEquals(outcome, JsonNode.Parse(expected.Outcome)).ShouldBeTrue(
            $"{scenario} ({expected.Shows})\nexpected {expected.Outcome}\nfound    {outcome.ToJsonString()}");
    }
}
