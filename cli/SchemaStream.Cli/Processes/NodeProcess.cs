using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SchemaStream.Cli.Processes;

/// <summary>A process that runs a node's configuration, whoever started it: known by its command line, never by its number alone.</summary>
internal static partial class NodeProcess
{
    private const int NoSuchProcess = 3;
    private const int Terminate = 15;

    /// <summary>Whether a process of this id runs, and runs <c>schemastream broker</c> with this configuration file.</summary>
    public static bool Runs(int processId, string configPath)
    {
        var directory = new DirectoryInfo($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}");
        try
        {
            if (Directory.Exists("/proc/self"))
            {
                var arguments = File.ReadAllText(Path.Combine(directory.FullName, "cmdline")).Split('\0');
                var workingDirectory = Directory.ResolveLinkTarget(Path.Combine(directory.FullName, "cwd"), returnFinalTarget: false);
                return IsNode(arguments, configPath, workingDirectory?.FullName ?? "/");
            }

            // Without command lines to read, the program's name has to do.
            using var process = Process.GetProcessById(processId);
            return process.ProcessName.StartsWith(ThisProgram.Name, StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Whether these are the arguments of a process that runs the configuration; a relative path counts from its directory.</summary>
    internal static bool IsNode(IReadOnlyList<string> arguments, string configPath, string workingDirectory)
    {
        const string option = "--config";
        for (var i = 1; i < arguments.Count; i++)
        {
            var path = arguments[i].StartsWith(option + "=", StringComparison.Ordinal) ? arguments[i][(option.Length + 1)..]
                : arguments[i - 1] == option ? arguments[i]
                : "";
            if (path.Length > 0 && Path.GetFullPath(path, workingDirectory) == Path.GetFullPath(configPath))
            {
                return arguments.Contains("broker");
            }
        }

        return false;
    }

    /// <summary>Asks the process to stop, and kills it if it does not within the limit. Gone already: nothing to do.</summary>
    public static async Task StopAsync(int processId, TimeSpan limit)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            using var deadline = new CancellationTokenSource(limit);
            Ask(process);
            try
            {
                await process.WaitForExitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill();
            }
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
        }
    }

    private static void Ask(Process process)
    {
        if (OperatingSystem.IsWindows())
        {
            process.Kill();
        }
        else if (Signal(process.Id, Terminate) != 0 && Marshal.GetLastPInvokeError() != NoSuchProcess)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int processId, int signal);
}
