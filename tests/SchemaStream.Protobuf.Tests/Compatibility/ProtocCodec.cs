using System.Diagnostics;
using Google.Protobuf.Reflection;

namespace SchemaStream.Protobuf.Tests.Compatibility;

/// <summary>Writes and reads messages with protoc, which knows nothing of us.</summary>
internal static class ProtocCodec
{
    public static FileDescriptorSet Describe(string folder, string file)
    {
        Run(["-I" + folder, "--include_imports", "--descriptor_set_out=" + Path.Combine(folder, "set.pb"), file], []);
        return FileDescriptorSet.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(folder, "set.pb")));
    }

    public static byte[] Encode(string folder, string file, string message, string text) =>
        Run(["-I" + folder, "--encode=" + message, file], System.Text.Encoding.UTF8.GetBytes(text));

    public static TextNode Decode(string folder, string file, string message, byte[] bytes) =>
        TextNode.Parse(System.Text.Encoding.UTF8.GetString(Run(["-I" + folder, "--decode=" + message, file], bytes)));

    private static byte[] Run(string[] arguments, byte[] input)
    {
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(Protoc.Executable)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            process.StartInfo.ArgumentList.Add(argument);
        }

        process.Start();
        var errors = process.StandardError.ReadToEndAsync();
        var writing = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        writing.GetAwaiter().GetResult();
        process.ExitCode.ShouldBe(0, errors.GetAwaiter().GetResult());
        return output.ToArray();
    }
}

/// <summary>A message as protoc prints it: fields' values by name, those that the schema does not know by number.</summary>
internal sealed class TextNode
{
    public Dictionary<string, List<string>> Values { get; } = [];

    public Dictionary<string, List<TextNode>> Messages { get; } = [];

    public static TextNode Parse(string text)
    {
        var root = new TextNode();
        var open = new Stack<TextNode>([root]);
        foreach (var line in text.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0))
        {
            if (line == "}")
            {
                open.Pop();
            }
            else if (line.EndsWith('{'))
            {
                var node = new TextNode();
                Add(open.Peek().Messages, line[..^1].TrimEnd(), node);
                open.Push(node);
            }
            else
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                Add(open.Peek().Values, line[..colon], line[(colon + 1)..].Trim());
            }
        }

        return root;
    }

    private static void Add<T>(Dictionary<string, List<T>> fields, string name, T value)
    {
        if (!fields.TryGetValue(name, out var values))
        {
            fields.Add(name, values = []);
        }

        values.Add(value);
    }
}
