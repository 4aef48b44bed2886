using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SchemaStream.Transport.Native;

namespace SchemaStream.Tests.Transport.Native;

/// <summary>Which of librdkafka's builds is loaded, and that these tests' own calls go to the same one.</summary>
public sealed class NativeLibraryLoaderTests
{
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage(
        "Usage", "CA2255", Justification = "A resolver must be set before the first call of any test.")]
    internal static void Initialize() =>
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraryLoaderTests).Assembly, NativeLibraryLoader.Resolve);

    [Fact]
    public void EveryBuildThatThePackageBrings_IsTried()
    {
        // A build under a new name is one that some machine needs.
        var platform = $"runtimes/linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}/native";
        var brought = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, platform), "*.so")
            .Select(Path.GetFileNameWithoutExtension)
            .Where(name => name!.Contains(NativeLibraryLoader.Name, StringComparison.Ordinal))
            .ToList();

        brought.ShouldNotBeEmpty();
        brought.ShouldBeSubsetOf(NativeLibraryLoader.PackagedNames);
    }

    [Fact]
    public void ThePackagesBuild_IsLoaded_RatherThanTheSystems()
    {
        NativeLibraryLoader.DemandVersion().ShouldBe(Confluent.Kafka.Library.VersionString);
        Confluent.Kafka.Library.Version.ShouldBeGreaterThan(0x020f0000, "the system's is older: whoever takes it does not get what was tested");
    }
}
