using System.Diagnostics;
using System.Globalization;

namespace SchemaStream.Bench.Load.Runs;

/// <summary>How long commands take from the start of their process to its end: what someone at a shell waits for.</summary>
internal static class CommandRun
{
    /// <summary>From the self-contained build, of any command.</summary>
    private const double MostMilliseconds = 150;

    /// <summary>Each prints its help, or works against the broker and the registry whose addresses are filled in.</summary>
    private static readonly string[] Commands =
    [
        "--help", "up --help", "broker --help", "registry --help", "schemas --help", "topics --help", "groups --help", "contracts --help",
        "produce --help", "consume --help", "perf --help", "profile --help", "explain --help", "completion --help", "install-aliases --help",
        "kafka-topics --help", "kafka-configs --help", "kafka-transactions --help", "kafka-avro-console-consumer --help",
        "kafka-topics --bootstrap-server {kafka} --list", "kafka-topics --bootstrap-server {kafka} --describe",
        "kafka-consumer-groups --bootstrap-server {kafka} --list", "kafka-configs --bootstrap-server {kafka} --describe --entity-type brokers",
        "kafka-transactions --bootstrap-server {kafka} list", "topics list --bootstrap-server {kafka} --registry {registry}",
        "topics list --bootstrap-server {kafka} --registry {registry} --output json", "groups list --bootstrap-server {kafka}",
        "schemas list --registry {registry}", "contracts list --registry {registry}", "profile list", "profile show --effective", "explain SS4001",
        "completion bash", "complete -- schemastream topics de",
        "consume _schemas --bootstrap-server {kafka} --registry {registry} --from-beginning --until-end",
    ];

    /// <param name="program">The program.</param>
    /// <param name="broker">What commands work against.</param>
    /// <param name="rounds">How often each runs.</param>
    /// <param name="report">Takes the figures.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task MeasureAsync(string program, BrokerUnderLoad broker, int rounds, Report report, CancellationToken cancellation)
    {
        foreach (var command in Commands)
        {
            var words = command.Replace("{kafka}", broker.BootstrapServers, StringComparison.Ordinal)
                .Replace("{registry}", broker.RegistryUrl, StringComparison.Ordinal).Split(' ');
            var taken = new List<double>();
            var ended = 0;
            for (var round = 0; round <= rounds; round++)
            {
                var (exitCode, time) = await RunAsync(program, words, cancellation);
                ended = Math.Max(ended, exitCode);
                if (round > 0)
                {
                    taken.Add(time.TotalMilliseconds); // the first one reads the program from disk
                }
            }

            var shown = command.Replace(" --bootstrap-server {kafka}", "", StringComparison.Ordinal).Replace(" --registry {registry}", "", StringComparison.Ordinal);
            var range = string.Create(CultureInfo.InvariantCulture, $"median of {rounds}, {taken.Min():F0} to {taken.Max():F0}");
            if (ended == 0)
            {
                report.Add($"`schemastream {shown}`", Report.Median(taken), "ms", MostMilliseconds, range);
            }
            else
            {
                // How soon it gives up says nothing; not a number is over every budget.
                report.Add($"`schemastream {shown}`", double.NaN, "ms", MostMilliseconds, string.Create(CultureInfo.InvariantCulture, $"ended with {ended}"));
            }
        }
    }

    private static async Task<(int ExitCode, TimeSpan Time)> RunAsync(string program, string[] words, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        var since = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        var time = Stopwatch.GetElapsedTime(since);
        await output;
        await errors;
        return (process.ExitCode, time);
    }
}
