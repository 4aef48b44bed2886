using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SchemaStream.Bench.Load;

namespace SchemaStream.Bench.Registry;

/// <summary>What the registry holds: subjects of one record each, which gains a field with every version.</summary>
internal sealed class SchemaLoad(int subjects, int versions)
{
    private const int Writers = 32;
    private static readonly MediaTypeHeaderValue Type = new("application/vnd.schemaregistry.v1+json");

    /// <summary>How many schemas that are; their ids are 1 to that.</summary>
    public int Count => subjects * versions;

    public async Task RegisterAsync(Server registry, Report report, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = registry.Address };
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, subjects),
            new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancellation },
            async (subject, token) =>
            {
                for (var version = 1; version <= versions; version++)
                {
                    await RegisterAsync(client, subject, version, token);
                }
            });
        report.Add(
            $"registering {Count:N0} schemas, {Writers} at once, each synced", Count / Stopwatch.GetElapsedTime(start).TotalSeconds, "/s");
    }

    /// <summary>What every producer does when it starts: it registers what is known.</summary>
    public async Task RegisterAgainAsync(Server registry, Report report, CancellationToken cancellation)
    {
        const int count = 20_000;
        using var client = new HttpClient { BaseAddress = registry.Address };
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancellation },
            async (i, token) => await RegisterAsync(client, i % subjects, versions, token));
        report.Add("registering what is known", count / Stopwatch.GetElapsedTime(start).TotalSeconds, "/s");
    }

    private static async Task RegisterAsync(HttpClient client, int subject, int version, CancellationToken cancellation)
    {
        using var body = new StringContent(JsonSerializer.Serialize(new { schema = Text(subject, version) }), Encoding.UTF8, Type);
        using var response = await client.PostAsync($"subjects/topic-{subject}-value/versions", body, cancellation);
        response.EnsureSuccessStatusCode();
    }

    private static string Text(int subject, int version)
    {
        var fields = Enumerable.Range(0, 6 + version).Select(field =>
            string.Create(CultureInfo.InvariantCulture, $$"""{"name":"field{{field}}","type":["null","string"],"default":null,"doc":"What field {{field}} of the event means."}"""));
        return string.Create(CultureInfo.InvariantCulture, $$"""{"type":"record","name":"Event{{subject}}","namespace":"com.acme.events","fields":[{{string.Join(',', fields)}}]}""");
    }
}
