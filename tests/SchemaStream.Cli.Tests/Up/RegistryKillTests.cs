using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using SchemaStream.TestKit;

namespace SchemaStream.Cli.Tests.Up;

/// <summary>A registry that is really killed while many register, and that has everything it acknowledged.</summary>
public sealed class RegistryKillTests : IDisposable
{
    private const int Writers = 8;
    private const int AcknowledgedBeforeKill = 60;

    private readonly TempDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Kill_InTheMiddleOfRegistrations_LosesNothingAcknowledgedAndReusesNoId()
    {
        var acknowledged = new ConcurrentDictionary<string, int>();
        await using (var stack = await StackProcess.StartAsync(_data.Path))
        {
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var writers = Enumerable.Range(0, Writers)
                .Select(writer => RegisterUntilItDiesAsync(stack.RegistryUrl, writer, acknowledged, enough)).ToArray();
            await enough.Task.WaitAsync(TimeSpan.FromSeconds(60));
            await stack.KillAsync();
            await Task.WhenAll(writers);
        }

        await using var restarted = await StackProcess.StartAsync(_data.Path);
        using var http = new HttpClient { BaseAddress = new Uri(restarted.RegistryUrl) };
        acknowledged.Count.ShouldBeGreaterThanOrEqualTo(AcknowledgedBeforeKill);
        acknowledged.Values.Distinct().Count().ShouldBe(acknowledged.Count, "each schema is another, so each has an id of its own");
        foreach (var (type, id) in acknowledged)
        {
            var byId = await http.GetFromJsonAsync<JsonElement>($"/schemas/ids/{id}");
            byId.GetProperty("schema").GetString().ShouldBe(Schema(type));
            var latest = await http.GetFromJsonAsync<JsonElement>($"/subjects/{type}-value/versions/latest");
            latest.GetProperty("id").GetInt32().ShouldBe(id);
            var contract = await http.GetFromJsonAsync<JsonElement>($"/contracts/topics/{type}");
            contract.GetProperty("value").GetProperty("type").GetString().ShouldBe(type);
        }

        var known = await http.GetFromJsonAsync<JsonElement>("/schemas?limit=1000");
        var ids = known.EnumerateArray().Select(schema => schema.GetProperty("id").GetInt32()).Order().ToArray();
        ids.ShouldBe(Enumerable.Range(1, ids.Length), "ids are dense, those of requests cut off included");
        (await RegisterAsync(http, "after")).ShouldBe(ids.Length + 1);
        (await restarted.StopAsync()).ShouldBe(0, restarted.Log);
    }

    private static async Task RegisterUntilItDiesAsync(
        string registry, int writer, ConcurrentDictionary<string, int> acknowledged, TaskCompletionSource enough)
    {
        using var http = new HttpClient { BaseAddress = new Uri(registry) };
        try
        {
            for (var i = 0; ; i++)
            {
                var type = $"T{writer}x{i}";
                acknowledged[type] = await RegisterAsync(http, type);
                if (acknowledged.Count >= AcknowledgedBeforeKill)
                {
                    enough.TrySetResult();
                }
            }
        }
        catch (HttpRequestException)
        {
            // Killed: what this request wrote may be there or not.
        }
    }

    private static async Task<int> RegisterAsync(HttpClient http, string type)
    {
        using var response = await http.PostAsJsonAsync($"/subjects/{type}-value/versions", new { schema = Schema(type) });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetInt32();
    }

    private static string Schema(string type) =>
        $$"""{"type":"record","name":"{{type}}","fields":[{"name":"id","type":"string"}]}""";
}
