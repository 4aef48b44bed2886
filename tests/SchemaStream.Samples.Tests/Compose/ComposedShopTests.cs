using SchemaStream.Samples.Tests.Programs;
using SchemaStream.TestKit;

namespace SchemaStream.Samples.Tests.Compose;

/// <summary>
/// The services of <c>docker-compose.yml</c> with the settings that they have there, as processes of this machine: there is no
/// container engine here, and a wrong address or setting shows without one.
/// </summary>
public sealed class ComposedShopTests
{
    private const string Profile = "schemastream";

    [Fact]
    public async Task Shop_OnThreeBrokersAndTwoRegistries_CountsEveryOrderOnce()
    {
        using var directory = new TempDirectory();
        var services = (await ComposeFile.ReadAsync()).Where(service => service.IsIn(Profile) || service.IsIn("load")).ToList();
        var ports = new ComposedPorts(services, directory.Path);
        var stack = new List<ProgramProcess>();
        var shop = new List<RunningProgram>();
        try
        {
            foreach (var service in services.Where(service => service.Program == "schemastream"))
            {
                stack.Add(ProgramProcess.Launch(ports.EnvironmentOf(service), ports.CommandOf(service)));
            }

            await Task.WhenAll(stack.Select(program => program.WaitUntilReadyAsync()));
            foreach (var service in services.Where(service => service.Program != "schemastream" && service.Name != "load"))
            {
                shop.Add(RunningProgram.Start(SourceTree.Sample(service.Program!), ports.CommandOf(service), ports.EnvironmentOf(service)));
            }

            await DriveAsync(services.Single(service => service.Name == "load"), ports, shop);
            await ReadFromOutsideAsync(ports);
            foreach (var program in shop)
            {
                (await program.StopAsync()).ShouldBe(0, program.Written);
            }
        }
        finally
        {
            foreach (var program in shop)
            {
                await program.DisposeAsync();
            }

            await Task.WhenAll(stack.Select(program => program.DisposeAsync().AsTask()));
        }
    }

    /// <summary>By the service of the file that does it.</summary>
    private static async Task DriveAsync(ComposedService load, ComposedPorts ports, List<RunningProgram> shop)
    {
        var (exitCode, written) = await RunningProgram.RunAsync(
            SourceTree.Sample(load.Program!), [.. ports.CommandOf(load), "--seconds", "3", "--rate", "20"], ports.EnvironmentOf(load));

        exitCode.ShouldBe(0, written + string.Concat(shop.Select(program => program.Written)));
        written.ShouldContain("Every order counts once.");
    }

    /// <summary>As a program of this machine does, by the published ports.</summary>
    private static async Task ReadFromOutsideAsync(ComposedPorts ports)
    {
        var (exitCode, written) = await RunningProgram.RunAsync(
            SourceTree.Python,
            [
                "-B", SourceTree.File("samples", "python", "orders_consumer.py"),
                "--kafka", ports.Published(9094), "--registry", "http://" + ports.Published(8082), "--count", "10",
            ]);

        exitCode.ShouldBe(0, written);
        written.ShouldContain("read 10 orders");
    }
}
