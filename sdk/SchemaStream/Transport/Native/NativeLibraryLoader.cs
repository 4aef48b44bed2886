using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>Finds librdkafka: the one that Confluent.Kafka brings, else the system's.</summary>
internal static unsafe class NativeLibraryLoader
{
    public const string Name = "librdkafka";

    /// <summary>2.0.0, the oldest release whose functions the transport calls without asking.</summary>
    private const int OldestVersion = 0x020000ff;

    /// <summary>
    /// The builds that librdkafka.redist brings for one platform, in the order in which Confluent.Kafka tries them: the
    /// first needs libsasl2 under the name that Red Hat gives it, which Debian does not have, the last is musl's.
    /// </summary>
    internal static readonly string[] PackagedNames = [Name, "centos8-librdkafka", "alpine-librdkafka"];

    private static readonly string[] SystemNames = ["librdkafka.so.1", "librdkafka.1.dylib", "rdkafka"];

    private static readonly Lazy<string> Checked = new(Check);

    /// <summary>The library's version, once it is loaded and new enough.</summary>
    /// <exception cref="DllNotFoundException">There is none, or it is too old; the message says what to do.</exception>
    public static string DemandVersion() => Checked.Value;

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Usage", "CA2255", Justification = "A resolver must be set before the first call into the library, wherever it comes from.")]
    internal static void Initialize() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraryLoader).Assembly, Resolve);

    /// <summary>Loads the library, for whatever assembly calls into it.</summary>
    /// <param name="name">What it asks for; another name than <see cref="Name"/> is left to the runtime.</param>
    /// <param name="assembly">The assembly.</param>
    /// <param name="search">Where it looks.</param>
    internal static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != Name)
        {
            return 0;
        }

        foreach (var candidate in PackagedNames)
        {
            if (NativeLibrary.TryLoad(candidate, assembly, search, out var packaged))
            {
                return packaged;
            }
        }

        foreach (var candidate in SystemNames)
        {
            if (NativeLibrary.TryLoad(candidate, out var system))
            {
                return system;
            }
        }

        return 0;
    }

    private static string Check()
    {
        int version;
        try
        {
            version = Librdkafka.Version();
        }
        catch (DllNotFoundException cause)
        {
            throw new DllNotFoundException(
                $"The native library librdkafka was not found, or none of its builds can be loaded here; tried {string.Join(", ", PackagedNames)} "
                + $"and {string.Join(", ", SystemNames)}. The package librdkafka.redist brings it with Confluent.Kafka; "
                + "on Debian the package librdkafka1 does as well. What the loader said stands in the inner exception.",
                cause);
        }

        var text = Marshal.PtrToStringUTF8((nint)Librdkafka.VersionText())!;
        return version >= OldestVersion
            ? text
            : throw new DllNotFoundException($"librdkafka {text} is too old: SchemaStream needs 2.0.0 or newer.");
    }
}
