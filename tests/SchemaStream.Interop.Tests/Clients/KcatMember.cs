using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using SchemaStream.TestKit;

namespace SchemaStream.Interop.Tests.Clients;

/// <summary><c>kcat -G</c> as it stays in a group: what it reads and which partitions it says it has.</summary>
internal sealed partial class KcatMember : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private KcatMember(Process process) => _process = process;

    /// <summary>Partition and offset of each record, in the order in which they came.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>How many partitions it was given last.</summary>
    public int Share { get; private set; }

    public static KcatMember Start(string bootstrapServers, string topic)
    {
        string[] settings = ["auto.offset.reset=earliest", "auto.commit.interval.ms=100", "heartbeat.interval.ms=500", "session.timeout.ms=10000"];
        var start = new ProcessStartInfo("kcat") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["-b", bootstrapServers, "-G", topic, .. settings.SelectMany(setting => new[] { "-X", setting }), "-u", "-f", "%p/%o\\n", topic])
        {
            start.ArgumentList.Add(argument);
        }

        var member = new KcatMember(Process.Start(start)!);
        member._process.OutputDataReceived += (_, line) => member.Read(line.Data);
        member._process.ErrorDataReceived += (_, line) => member.Told(line.Data);
        member._process.BeginOutputReadLine();
        member._process.BeginErrorReadLine();
        return member;
    }

    /// <summary>Leaves as on Ctrl-C: it commits and says that it goes.</summary>
    public async Task LeaveAsync()
    {
        await ProgramProcess.SignalAsync("INT", _process.Id);
        await _process.WaitForExitAsync().WaitAsync(TestTime.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await LeaveAsync();
        }

        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (!string.IsNullOrEmpty(line))
        {
            _lines.Enqueue(line);
        }
    }

    /// <summary>"% Group g rebalanced (memberid m): assigned: topic [0], topic [1]"</summary>
    private void Told(string? line)
    {
        if (line is not null && line.Contains("rebalanced", StringComparison.Ordinal))
        {
            Share = line.Contains("assigned:", StringComparison.Ordinal) ? PartitionPattern().Count(line) : 0;
        }
    }

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex PartitionPattern();
}
