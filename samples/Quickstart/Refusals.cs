using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SchemaStream;

namespace Quickstart;

/// <summary>Three ways to put the wrong type on a topic. None works.</summary>
internal static class Refusals
{
    private const int Incompatible = 40901;
    private const int ContractViolated = 40910;

    /// <summary>The SDK refuses before a byte leaves.</summary>
    public static async Task AnotherTypeAsync(SchemaStreamClient client, Verdict verdict)
    {
        Console.WriteLine("   a. another C# type on the same topic");
        try
        {
            await using var producer = await client.CreateProducerAsync(Topics.Mistaken);
            verdict.Check("the SDK refuses it", holds: false);
        }
        catch (TopicContractException refusal)
        {
            Console.WriteLine($"      {refusal.Message}");
            verdict.Check("the SDK refuses it, naming both types", refusal.Message.Contains(nameof(OrderPlaced), StringComparison.Ordinal)
                && refusal.Message.Contains(nameof(PaymentReceived), StringComparison.Ordinal));
        }
    }

    /// <summary>The registry refuses a shape that cannot read the events there are.</summary>
    public static Task IncompatibleSchemaAsync(Uri registry, Verdict verdict)
    {
        Console.WriteLine("   b. an incompatible schema of the same name, posted to the registry by any HTTP client");
        var schema = new
        {
            type = "record",
            name = nameof(OrderPlaced),
            @namespace = typeof(OrderPlaced).Namespace,
            fields = new object[] { new { name = "Priority", type = "int" } },
        };
        return PostAsync(registry, new { schema = JsonSerializer.Serialize(schema) }, Incompatible, verdict);
    }

    /// <summary>The registry refuses another format, whatever the compatibility level.</summary>
    public static Task AnotherFormatAsync(Uri registry, Verdict verdict)
    {
        Console.WriteLine("   c. another format for the same subject");
        var schema = new { title = nameof(OrderPlaced), type = "object" };
        return PostAsync(
            registry, new { schemaType = "JSON", schema = JsonSerializer.Serialize(schema) }, ContractViolated, verdict);
    }

    private static async Task PostAsync(Uri registry, object body, int expectedCode, Verdict verdict)
    {
        using var http = new HttpClient { BaseAddress = registry };
        using var response = await http.PostAsJsonAsync("subjects/orders-value/versions", body);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        var code = answer.TryGetProperty("error_code", out var number) ? number.GetInt32() : 0;
        var message = answer.TryGetProperty("message", out var text) ? text.GetString() : answer.ToString();
        Console.WriteLine($"      HTTP {(int)response.StatusCode}, error {code}: {message}");
        verdict.Check(
            $"the registry refuses it with error {expectedCode}",
            response.StatusCode == HttpStatusCode.Conflict && code == expectedCode);
    }
}
