using Shop.Demo.Auditing;
using Shop.Demo.Driving;
using Shop.Demo.Programs;

namespace Shop.Demo;

/// <summary>The shop under load, and what came of it.</summary>
internal static class Demonstration
{
    private const int PhoneVisits = 24;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan DrainPause = TimeSpan.FromSeconds(1);

    /// <summary>Everything from its start to its stop. Returns the exit code.</summary>
    public static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("schemastream-shop-").FullName;
        try
        {
            await using var programs = await ShopPrograms.StartAsync(directory, cancellationToken);
            using var client = new ShopClient(programs.Addresses.Api);
            await client.WaitUntilReadyAsync(programs.AllMustRun, cancellationToken);
            Console.WriteLine($"the shop is open at {programs.Addresses.Api}; orders come for {options.Duration.TotalSeconds} s");

            var load = Load.RunAsync(client, options.Duration, options.OrdersPerSecond, cancellationToken);
            await Task.WhenAll(load, TroubleAsync(programs, options, load, cancellationToken));
            if (options.WithPython)
            {
                await PythonPrograms.SendVisitsAsync(programs.Addresses, PhoneVisits, cancellationToken);
            }

            await DrainAsync(programs.Addresses, client, isShared: false, programs.AllMustRun, cancellationToken);
            if (options.WithPython)
            {
                await PythonPrograms.ReadOrdersAsync(programs.Addresses, client.Accepted.Count, cancellationToken);
            }

            await programs.StopServicesAsync();
            Console.WriteLine("all services have stopped in order");
            var holds = Report(client, await ShopAudit.TakeAsync(programs.Addresses, client.Accepted, isShared: false, cancellationToken));
            await programs.StopStackAsync();
            return holds ? 0 : 1;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Load on a shop that runs, and the counts. Returns the exit code.</summary>
    public static async Task<int> DriveAsync(ShopAddresses shop, DemoOptions options, CancellationToken cancellationToken)
    {
        using var client = new ShopClient(shop.Api);
        await client.WaitUntilReadyAsync(() => { }, cancellationToken);
        Console.WriteLine($"orders come for {options.Duration.TotalSeconds} s");
        await Load.RunAsync(client, options.Duration, options.OrdersPerSecond, cancellationToken);
        await DrainAsync(shop, client, isShared: true, () => { }, cancellationToken);
        return Report(client, await ShopAudit.TakeAsync(shop, client.Accepted, isShared: true, cancellationToken)) ? 0 : 1;
    }

    /// <summary>Two of the services are killed while they work.</summary>
    private static async Task TroubleAsync(ShopPrograms programs, DemoOptions options, Task load, CancellationToken cancellationToken)
    {
        foreach (var victim in new[] { "Payments.Worker", "Orders.Api" })
        {
            var pause = Task.Delay(options.Duration / 3, TimeProvider.System, cancellationToken);
            if (await Task.WhenAny(pause, load) == load)
            {
                await load; // it has failed, or there is nothing left to disturb
            }

            programs.AllMustRun();
            await programs.KillAndRestartAsync(victim);
            Console.WriteLine($"  {victim} was killed (SIGKILL) and started again");
        }
    }

    /// <summary>Returns when everything that was accepted has gone all its ways, or when it does not come to that.</summary>
    private static async Task DrainAsync(
        ShopAddresses shop, ShopClient client, bool isShared, Action stillRuns, CancellationToken cancellationToken)
    {
        Console.WriteLine("the last order is accepted; the events go their ways");
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < DrainLimit)
        {
            stillRuns();
            var findings = await ShopAudit.TakeAsync(shop, client.Accepted, isShared, cancellationToken);
            if (findings.All(finding => finding.Holds))
            {
                return;
            }

            await Task.Delay(DrainPause, TimeProvider.System, cancellationToken);
        }

        Console.WriteLine($"they have not in {DrainLimit.TotalSeconds} s");
    }

    private static bool Report(ShopClient client, IReadOnlyList<Finding> findings)
    {
        Console.WriteLine($"\nWhat happened, counted from the topics (committed records, read by Confluent's client):");
        Console.WriteLine(new Finding(
            "orders accepted by the API", client.Accepted.Count, $"requests without an answer {client.Failed}; asked again with the same key {client.Repeated}", Holds: true));
        foreach (var finding in findings)
        {
            Console.WriteLine(finding);
        }

        var holds = findings.All(finding => finding.Holds);
        Console.WriteLine(holds ? "\nEvery order counts once." : "\nSomething is missing, doubled or wrong.");
        return holds;
    }
}
