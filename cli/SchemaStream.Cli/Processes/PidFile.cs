using System.Globalization;
using SchemaStream.Broker;

namespace SchemaStream.Cli.Processes;

/// <summary>The file <c>pid</c> beside a configuration file: which process runs it. Gone after a clean stop.</summary>
internal sealed class PidFile : IDisposable
{
    private const string FileName = "pid";

    private readonly string _path;

    private PidFile(string path) => _path = path;

    /// <summary>Writes this process's id.</summary>
    /// <exception cref="BrokerStartException">Another process runs this configuration.</exception>
    public static PidFile Take(string configPath)
    {
        if (Read(configPath) is { } other && other != Environment.ProcessId && NodeProcess.Runs(other, configPath))
        {
            throw new BrokerStartException($"{configPath} is run by the process {other} already. Stop that one first.");
        }

        var path = PathOf(configPath);
        File.WriteAllText(path, Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        return new PidFile(path);
    }

    /// <summary>The id that stands there; null where there is none.</summary>
    public static int? Read(string configPath)
    {
        try
        {
            var text = File.ReadAllText(PathOf(configPath));
            return int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Dispose() => File.Delete(_path);

    private static string PathOf(string configPath) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(configPath))!, FileName);
}
