using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using SchemaStream.Bench.Load;

namespace SchemaStream.Bench.Registry;

/// <summary><c>GET /schemas/ids/{id}</c> under wrk, in turn with the bare endpoint that answers with one schema's bytes.</summary>
internal static partial class ReadRun
{
    private const int Connections = 32;

    /// <returns>The registry's rate per second.</returns>
    public static async Task<double> MeasureAsync(
        Server registry, SchemaLoad load, int rounds, int seconds, Report report, CancellationToken cancellation)
    {
        using var files = new DataDirectory();
        using var client = new HttpClient { BaseAddress = registry.Address };
        var body = Path.Combine(files.Path, "body.json");
        await File.WriteAllBytesAsync(body, await client.GetByteArrayAsync($"schemas/ids/{load.Count / 2}", cancellation), cancellation);
        var script = Path.Combine(files.Path, "ids.lua");
        await File.WriteAllTextAsync(
            script,
            string.Create(CultureInfo.InvariantCulture, $"request = function() return wrk.format('GET', '/schemas/ids/' .. math.random(1, {load.Count})) end\n"),
            cancellation);

        await using var bare = await Server.BareAsync(body, cancellation);
        var (ours, theirs) = (new List<double>(), new List<double>());
        await RateAsync(registry.Address, script, 1, cancellation); // both are compiled before anything counts
        await RateAsync(bare.Address, script, 1, cancellation);
        for (var round = 0; round < rounds; round++)
        {
            ours.Add(await RateAsync(registry.Address, script, seconds, cancellation));
            theirs.Add(await RateAsync(bare.Address, script, seconds, cancellation));
        }

        var rate = Report.Median(ours);
        report.Add("GET /schemas/ids/{id}, any of them, wrk on the same cores", rate, "/s");
        report.Add("a bare endpoint of the same bytes", Report.Median(theirs), "/s");
        report.Add("bare over registry", Report.Median(theirs.Zip(ours, (their, our) => their / our)), "", most: 1.25, "at least 80 % of its rate");
        return rate;
    }

    private static async Task<double> RateAsync(Uri address, string script, int seconds, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Wrk.Program, ["-t1", $"-c{Connections}", $"-d{seconds}s", "-s", script, address.ToString()]) { RedirectStandardOutput = true };
        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync(cancellation);
        await wrk.WaitForExitAsync(cancellation);
        var rate = RatePattern().Match(output);
        return wrk.ExitCode == 0 && rate.Success && !output.Contains("Non-2xx", StringComparison.Ordinal)
            ? double.Parse(rate.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"wrk said:\n{output}");
    }

    [GeneratedRegex(@"Requests/sec:\s+([\d.]+)")]
    private static partial Regex RatePattern();
}
