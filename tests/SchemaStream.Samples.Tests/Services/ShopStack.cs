using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using SchemaStream.Samples.Tests.Programs;
using SchemaStream.TestKit;

namespace SchemaStream.Samples.Tests.Services;

/// <summary>Broker and registry for the services of one test class, which are started by the test.</summary>
public sealed class ShopStack : IAsyncLifetime
{
    private readonly TempDirectory _data = new();
    private StackProcess? _stack;
    private RunningApi? _api;

    internal StackProcess Stack => _stack ?? throw new InvalidOperationException("the stack is not started");

    public async Task InitializeAsync() => _stack = await StackProcess.StartAsync(Path.Combine(_data.Path, "stack"));

    public async Task DisposeAsync()
    {
        if (_api is not null)
        {
            (await _api.Program.StopAsync()).ShouldBe(0, _api.Program.Written);
            await _api.DisposeAsync();
        }

        if (_stack is not null)
        {
            (await _stack.StopAsync()).ShouldBe(0, _stack.Log);
            await _stack.DisposeAsync();
        }

        _data.Dispose();
    }

    /// <summary>Starts a service of the shop.</summary>
    internal RunningProgram Start(string service, params (string Name, string Value)[] settings) =>
        RunningProgram.Start(SourceTree.Sample(service), [], Environment(settings));

    /// <summary>The Orders.Api of all tests that do not kill it; the tests of a class come one after the other.</summary>
    internal async Task<RunningApi> SharedApiAsync() => _api ??= await StartApiAsync("shared.db");

    /// <summary>Starts an Orders.Api with a database of its own, and returns when it is ready.</summary>
    internal async Task<RunningApi> StartApiAsync(string database)
    {
        var api = StartApi(database);
        await Eventually.GetAsync(api.HealthAsync, status => status == HttpStatusCode.OK, "the API is ready");
        return api;
    }

    /// <summary>Starts one that may not come to be ready.</summary>
    internal RunningApi StartApi(string database)
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.TakeOne()}");
        var program = Start("Orders.Api", ("Urls", url), ("Orders__Database", Path.Combine(_data.Path, database)));
        return new RunningApi(program, new HttpClient { BaseAddress = new Uri(url) });
    }

    /// <summary>Copies a database of an API that has stopped; returns where the copy is.</summary>
    internal string Copy(string database, string to)
    {
        var copy = Path.Combine(_data.Path, to);
        File.Copy(Path.Combine(_data.Path, database), copy);
        return copy;
    }

    /// <summary>Runs one of the Python programs.</summary>
    internal Task<(int ExitCode, string Written)> RunPythonAsync(string program, params string[] arguments) => RunningProgram.RunAsync(
        SourceTree.Python,
        ["-B", SourceTree.File("samples", "python", program), "--kafka", Stack.BootstrapServers, "--registry", Stack.RegistryUrl, .. arguments]);

    internal Dictionary<string, string> Environment(params (string Name, string Value)[] settings)
    {
        var environment = settings.ToDictionary(setting => setting.Name, setting => setting.Value);
        environment.TryAdd("SchemaStream__BootstrapServers", Stack.BootstrapServers);
        environment.TryAdd("SchemaStream__RegistryUrl", Stack.RegistryUrl);
        return environment;
    }
}

/// <summary>An Orders.Api that runs.</summary>
internal sealed record RunningApi(RunningProgram Program, HttpClient Http) : IAsyncDisposable
{
    public async Task<HttpStatusCode> HealthAsync()
    {
        try
        {
            using var answer = await Http.GetAsync("health/ready");
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0; // it does not listen yet
        }
    }

    /// <summary>Orders one product.</summary>
    public async Task<HttpResponseMessage> OrderAsync(string key, string sku, int quantity, string customer = "customer-1")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "orders")
        {
            Content = JsonContent.Create(new { customer, lines = new[] { new { sku, quantity } } }),
        };
        request.Headers.Add("Idempotency-Key", key);
        return await Http.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Program.DisposeAsync();
    }
}
