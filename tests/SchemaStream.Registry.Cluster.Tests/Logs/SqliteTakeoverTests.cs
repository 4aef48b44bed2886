using SchemaStream.Registry.Logs;
using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Logs;

public sealed class SqliteTakeoverTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("registry-takeover-").FullName;
    private TestBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await TestBroker.StartAsync();

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Start_WithTheFileOfARegistryThatRanAlone_ServesItsSchemasFromTheTopic()
    {
        await WriteFileAsync();

        await using (var registry = await StartAsync())
        {
            await ShouldServeAsync(registry);
        }

        File.Exists(Path.Combine(_directory, SqliteLog.FileName)).ShouldBeFalse("it is not taken over twice");
        await using var again = await StartAsync();
        await ShouldServeAsync(again);
        (await again.RegisterAsync("new-value", Avro.Record("New"))).Body.GetProperty("id").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task Start_AfterATakeoverThatWasCutShort_BeginsAgain()
    {
        await WriteFileAsync();
        File.Copy(Path.Combine(_directory, SqliteLog.FileName), Path.Combine(_directory, "copy"));
        await using (await StartAsync())
        {
        }

        File.Delete(Path.Combine(_directory, SqliteLog.FileName + ".moved-to-kafka"));

        // As after a crash before the file was renamed: the topic holds the records, the file and its mark are there.
        File.Move(Path.Combine(_directory, "copy"), Path.Combine(_directory, SqliteLog.FileName));
        await File.WriteAllBytesAsync(Path.Combine(_directory, SqliteLog.FileName + ".moving"), []);

        await using var registry = await StartAsync();

        await ShouldServeAsync(registry);
    }

    [Fact]
    public async Task Start_WhereTheTopicIsInUse_LeavesTheFileAlone()
    {
        await using (var other = await Instance.StartAsync(_broker.BootstrapServers))
        {
            (await other.RegisterAsync("other-value", Avro.Record("Other"))).Status.ShouldBe(200);
        }

        await WriteFileAsync();
        await using var registry = await StartAsync();

        (await registry.GetAsync("/subjects")).Body.ToString().ShouldBe("""["other-value"]""");
        File.Exists(Path.Combine(_directory, SqliteLog.FileName)).ShouldBeTrue();
    }

    private static async Task ShouldServeAsync(Instance registry)
    {
        (await registry.GetAsync("/subjects/a-value/versions")).Body.ToString().ShouldBe("[2]");
        (await registry.GetAsync("/subjects/a-value/versions/2")).Body.GetProperty("id").GetInt32().ShouldBe(2);
        (await registry.GetAsync("/subjects/b-value/versions/1")).Body.GetProperty("id").GetInt32().ShouldBe(3);
        (await registry.GetAsync("/schemas/ids/1")).Status.ShouldBe(404);
        (await registry.GetAsync("/config/a-value")).Body.GetProperty("compatibilityLevel").GetString().ShouldBe("NONE");
        (await registry.GetAsync("/contracts/topics/b")).Status.ShouldBe(200);
    }

    private async Task WriteFileAsync()
    {
        await using var host = await RegistryHost.StartAsync(
            new RegistryOptions { DataDirectory = _directory, Port = 0 }, new LogCollector());
        using var http = new HttpClient { BaseAddress = host.BaseAddress };
        foreach (var (method, path, body) in new[]
        {
            (HttpMethod.Put, "/config/a-value", """{"compatibility":"NONE"}"""),
            (HttpMethod.Post, "/subjects/a-value/versions", """{"schema":"{\"type\":\"record\",\"name\":\"A\",\"fields\":[]}"}"""),
            (HttpMethod.Post, "/subjects/a-value/versions", """{"schema":"{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"n\",\"type\":\"int\"}]}"}"""),
            (HttpMethod.Post, "/subjects/b-value/versions", """{"schema":"{\"type\":\"record\",\"name\":\"B\",\"fields\":[]}"}"""),
            (HttpMethod.Delete, "/subjects/a-value/versions/1", ""),
            (HttpMethod.Delete, "/subjects/a-value/versions/1?permanent=true", ""),
        })
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
            request.Content = body.Length > 0 ? new StringContent(body) : null;
            if (request.Content is not null)
            {
                request.Content.Headers.ContentType = new("application/json");
            }

            using var answer = await http.SendAsync(request);
            answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        }
    }

    private Task<Instance> StartAsync() => Instance.StartAsync(
        _broker.BootstrapServers, store => store with { TakeOverDirectory = _directory, Election = LeaderElection.Omitted });
}
