using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Shop.Demo.Programs;

/// <summary>Broker, registry and all services of the shop, as processes on free ports.</summary>
internal sealed class ShopPrograms : IAsyncDisposable
{
    private static readonly string[] Workers = ["Payments.Worker", "Inventory.Worker", "Notifications.Worker", "Analytics"];

    private readonly string _directory;
    private readonly Dictionary<string, ChildProcess> _services = [];
    private readonly Dictionary<string, string> _environment;
    private readonly ChildProcess _stack;

    private ShopPrograms(string directory, ChildProcess stack, ShopAddresses addresses)
    {
        _directory = directory;
        _stack = stack;
        Addresses = addresses;
        _environment = new Dictionary<string, string>
        {
            ["SchemaStream__BootstrapServers"] = addresses.Kafka,
            ["SchemaStream__RegistryUrl"] = addresses.Registry.ToString(),
            ["Urls"] = addresses.Api.ToString(),
            ["Orders__Database"] = Path.Combine(directory, "orders.db"),
        };
    }

    public ShopAddresses Addresses { get; }

    /// <summary>Starts the stack, then the services.</summary>
    public static async Task<ShopPrograms> StartAsync(string directory, CancellationToken cancellationToken)
    {
        var stack = ChildProcess.Start(
            "schemastream up",
            ProgramFiles.SchemaStream,
            ["up", "--data-dir", Path.Combine(directory, "stack"), "--kafka-port", "0", "--registry-port", "0"],
            new Dictionary<string, string>(),
            Path.Combine(directory, "stack.log"));
        ShopPrograms? shop = null;
        try
        {
            var ready = await stack.ReadyLineAsync(cancellationToken);
            Console.WriteLine(ready);
            var words = ready.Split(' ').Select(word => word.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
            var api = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");
            shop = new ShopPrograms(directory, stack, new ShopAddresses(words["kafka"], new Uri(words["registry"]), new Uri(api)));
            foreach (var service in Workers.Prepend("Orders.Api"))
            {
                shop.Start(service);
            }

            return shop;
        }
        catch
        {
            await (shop?.DisposeAsync() ?? stack.DisposeAsync());
            throw;
        }
    }

    /// <summary>SIGKILL, and another process in its place at once.</summary>
    public async Task KillAndRestartAsync(string service)
    {
        await _services[service].KillAsync();
        await _services[service].DisposeAsync();
        Start(service);
    }

    /// <summary>Throws when a service has ended by itself.</summary>
    public void AllMustRun()
    {
        foreach (var service in _services.Values.Prepend(_stack))
        {
            service.MustRun();
        }
    }

    /// <summary>Stops the services in the order of the events' way.</summary>
    public async Task StopServicesAsync()
    {
        foreach (var name in Workers.Prepend("Orders.Api"))
        {
            if (_services.Remove(name, out var service))
            {
                await service.StopAsync();
                await service.DisposeAsync();
            }
        }
    }

    /// <summary>Stops broker and registry.</summary>
    public Task StopStackAsync() => _stack.StopAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.Values)
        {
            await service.DisposeAsync();
        }

        await _stack.DisposeAsync();
    }

    private void Start(string service) => _services[service] = ChildProcess.Start(
        service, ProgramFiles.Sample(service), [], _environment, Path.Combine(_directory, service + ".log"));

    /// <summary>The API comes back on its port when it was killed, so it needs one that is known.</summary>
    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
