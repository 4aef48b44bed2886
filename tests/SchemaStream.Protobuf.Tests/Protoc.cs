using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf.Tests;

/// <summary>protoc, as the Grpc.Tools package brings it: the judge of what a file means.</summary>
internal static class Protoc
{
    private static readonly string Package = typeof(Protoc).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static a => a.Key == "GrpcTools").Value!;

    internal static readonly string Executable = Path.Combine(
        Package,
        "tools",
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "linux_arm64" : "linux_x64",
        "protoc");

    /// <summary>Where protoc's own well-known files are.</summary>
    public static string Include { get; } = Path.Combine(Package, "build", "native", "include");

    /// <summary>Compiles files of a folder, with another to import from; null where protoc refuses, with its reasons.</summary>
    public static FileDescriptorSet? Compile(string folder, IReadOnlyList<string> files, out string errors, string? more = null)
    {
        var output = Path.GetTempFileName();
        try
        {
            var arguments = new List<string>
            {
                "--descriptor_set_out=" + output, "--retain_options", "--include_imports", "-I" + folder, "-I" + Include,
            };
            if (more is not null)
            {
                arguments.Add("-I" + more);
            }

            arguments.AddRange(files);
            var (code, text) = Run(arguments, null);
            errors = text;
            return code == 0 ? FileDescriptorSet.Parser.ParseFrom(File.ReadAllBytes(output)) : null;
        }
        finally
        {
            File.Delete(output);
        }
    }

    /// <summary>Runs protoc to its end.</summary>
    public static (int ExitCode, string Errors) Run(IReadOnlyList<string> arguments, byte[]? input)
    {
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(Executable)
        {
            RedirectStandardError = true, RedirectStandardInput = input is not null, StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments)
        {
            process.StartInfo.ArgumentList.Add(argument);
        }

        process.Start();
        if (input is not null)
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }

        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }
}
