using System.Text.Json;
using SchemaStream.Registry.OpenApi;

namespace SchemaStream.Registry.Tests.Conformance;

/// <summary>Requests that nobody would send: none of them fails, and each is answered in the API's shapes.</summary>
public sealed class StrayRequestTests
{
    private const int Requests = 3000;
    private const int Seed = 2026;

    /// <summary>Without a zero byte, which the HTTP server refuses before anyone else sees it.</summary>
    private static readonly string[] Names =
    [
        "s", "nick", ":.c:s", ":.c:", ":.:", ":.", ":", ":*:", ":*:s", ":.__GLOBAL:", "__GLOBAL", "%01", "%2F", "a%2Fb", "%252F", "%C3%BC",
        "%FF", "..%2F", "%20", "-", "-1", "0", "1", "2", "latest", "99999999999", "true", "null", "%F0%9F%98%80", ".c", "c:", "a:b", "'", "\"",
    ];

    private static readonly string[] Values =
        ["", "true", "TRUE", "1", "-1", "0", "x", "*", ":*:", ":.c:", "qualified", "resolved", "serialized", "logical", "%00", "99999999999", "a&a=b"];

    private static readonly string[] Bodies =
    [
        "", "null", "{}", "[]", "1", "\"x\"", "{", """{"schema":null}""", """{"schema":"\"int\""}""", """{"schema":"\"long\"","id":1}""",
        """{"schema":"{}","schemaType":"JSON"}""", """{"schema":"message M {}","schemaType":"PROTOBUF"}""", """{"schema":"x","schemaType":7}""",
        """{"schema":"\"int\"","references":[{}]}""", """{"schema":"\"int\"","references":[{"name":"n","subject":"s","version":-1}]}""",
        """{"schema":"\"int\"","version":-5}""", """{"schema":"\"int\"","metadata":{"tags":{"a":[null]},"properties":{"a":1}}}""",
        """{"schema":"\"int\"","ruleSet":{"domainRules":[null]}}""", """{"mode":"IMPORT"}""", """{"mode":"READWRITE"}""", """{"mode":null}""",
        """{"mode":[]}""", """{"compatibility":"NONE","alias":"s"}""", """{"compatibility":null,"alias":""}""", """{"alias":":.c:"}""",
        """{"defaultMetadata":[]}""", """{"value":{"format":"AVRO"}}""", """{"tagsToAdd":[{}]}""", """{"newVersion":2,"rulesToRemove":[1]}""",
    ];

    [Fact]
    public async Task EveryStrayRequest_IsAnswered()
    {
        var random = new Random(Seed);
        await using var registry = await TestRegistry.StartAsync();
        foreach (var _ in Enumerable.Range(0, Requests))
        {
            var row = Any(random, ApiOperations.All);
            var target = TargetOf(row, random);
            var body = row.Method is "GET" or "DELETE" ? null : Any(random, Bodies);

            var answer = await registry.SendAsync(new HttpMethod(row.Method), target, body);

            var told = $"{row.Method} {target} {body} gave {answer.Status} {answer.Body}";
            answer.Status.ShouldBeLessThan(500, told);
            if (answer.Status >= 400)
            {
                answer.Body.ShouldStartWith("{", Case.Sensitive, told);
                var refusal = JsonSerializer.Deserialize<JsonElement>(answer.Body);
                refusal.EnumerateObject().Select(property => property.Name).ShouldBe(["error_code", "message"], told);
                refusal.GetProperty("message").GetString().ShouldNotBeNullOrEmpty(told);
            }
            else if (answer.ContentType == "application/vnd.schemaregistry.v1+json" && !row.Path.EndsWith("/schema", StringComparison.Ordinal))
            {
                Should.NotThrow(() => JsonDocument.Parse(answer.Body), told);
            }
        }

        // What was written on the way is understood by a restart, all of it.
        var before = (await registry.GetAsync("/schemas?subjectPrefix=:*:&deleted=true")).ShouldBeOk().Body;
        await registry.RestartAsync();
        (await registry.GetAsync("/schemas?subjectPrefix=:*:&deleted=true")).ShouldBeOk(before);
    }

    private static string TargetOf(ApiOperation row, Random random)
    {
        var path = string.Join('/', row.Path.Split('/').Select(segment => segment.StartsWith('{') ? Any(random, Names) : segment));
        var within = random.Next(4) == 0 ? $"/contexts/{Any(random, Names)}" : "";
        var query = row.Query.Where(_ => random.Next(3) == 0).Select(name => $"{name.TrimEnd('*')}={Any(random, Values)}").ToArray();
        return within + path + (query.Length > 0 ? "?" + string.Join('&', query) : "");
    }

    private static T Any<T>(Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];
}
