using System.Diagnostics;
using System.Globalization;

namespace Shop.Demo.Programs;

/// <summary>The two Python programs of <c>samples/python</c>, run to their end.</summary>
internal static class PythonPrograms
{
    private const string Interpreter = "/usr/bin/python3"; // Debian's own: others do not see Debian's modules

    /// <summary>A phone that was offline.</summary>
    public static Task SendVisitsAsync(ShopAddresses shop, int count, CancellationToken cancellationToken) =>
        RunAsync("visits_producer.py", shop, count, cancellationToken);

    /// <summary>Reads so many orders.</summary>
    public static Task ReadOrdersAsync(ShopAddresses shop, int count, CancellationToken cancellationToken) =>
        RunAsync("orders_consumer.py", shop, count, cancellationToken);

    private static async Task RunAsync(string program, ShopAddresses shop, int count, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            ProgramFiles.Python(program), "--kafka", shop.Kafka, "--registry", shop.Registry.ToString().TrimEnd('/'),
            "--count", count.ToString(CultureInfo.InvariantCulture),
        ];
        using var process = Process.Start(new ProcessStartInfo(Interpreter, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Console.WriteLine($"  python/{program}: {output.TrimEnd().Split('\n')[^1]}");
        if (process.ExitCode != 0)
        {
            throw new DemoFailedException($"python/{program} ended with exit code {process.ExitCode}:\n{await errors}");
        }
    }
}
