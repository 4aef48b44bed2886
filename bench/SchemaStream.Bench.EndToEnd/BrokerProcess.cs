using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SchemaStream.Bench.EndToEnd;

/// <summary>Broker and registry in another process, which ends with this one: this holds its standard input.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private const string ReadyPrefix = "ready kafka=";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _directory;

    private BrokerProcess(Process process, string directory, string servers, Uri registry) =>
        (_process, _directory, BootstrapServers, Registry) = (process, directory, servers, registry);

    public string BootstrapServers { get; }

    public Uri Registry { get; }

    public static async Task<BrokerProcess> StartAsync(string? named, [CallerFilePath] string thisFile = "")
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../.."));
        string[] candidates = [Path.Combine(root, "artifacts/schemastream/schemastream"), Path.Combine(root, "cli/SchemaStream.Cli/bin/Release/net10.0/schemastream")];
        var program = named ?? candidates.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException("Build first: eng/publish.sh, or dotnet build -c Release cli/SchemaStream.Cli.");
        var directory = Directory.CreateTempSubdirectory("schemastream-bench-").FullName;
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { "up", "--data-dir", directory, "--kafka-port", "0", "--registry-port", "0" })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith(ReadyPrefix, StringComparison.Ordinal))
            {
                var words = line[ReadyPrefix.Length..].Split(' ');
                var registry = words.First(word => word.StartsWith("registry=", StringComparison.Ordinal))["registry=".Length..];
                return new BrokerProcess(process, directory, words[0], new Uri(registry));
            }
        }

        throw new InvalidOperationException($"{program} ended before it served.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
