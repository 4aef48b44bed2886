using System.Runtime.InteropServices;

namespace SchemaStream.Broker.Storage.Files;

/// <summary>How many files and sockets the operating system lets this process have open.</summary>
public static partial class OpenFileLimit
{
    private const int LinuxResource = 7;
    private const int MacResource = 8;

    /// <summary>Null where there is no such limit, or it cannot be known.</summary>
    public static ulong? Read()
    {
        var resource = OperatingSystem.IsLinux() ? LinuxResource : OperatingSystem.IsMacOS() ? MacResource : -1;
        return resource >= 0 && GetLimit(resource, out var limit) == 0 ? limit.Current : null;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetLimit(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public nuint Current;
        public nuint Most;
    }
}
