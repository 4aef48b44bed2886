using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core;

/// <summary>Confluent's identity of a schema: one MD5 over everything it says, shown as a GUID.</summary>
public static class SchemaIdentity
{
    public static Guid Of(
        string text, IReadOnlyList<SchemaReference> references, Metadata? metadata = null, RuleSet? ruleSet = null) =>
        Of(Encoding.UTF8.GetBytes(text), references, metadata, ruleSet);

    /// <summary>The identity of a text in UTF-8 and what goes with it.</summary>
    public static Guid Of(
        ReadOnlySpan<byte> text, IReadOnlyList<SchemaReference> references, Metadata? metadata, RuleSet? ruleSet)
    {
        if (references.Count == 0 && metadata is null && ruleSet is null)
        {
            // Nearly all of them, and a start computes them one after the other.
            return Digest(text);
        }

        var input = new ArrayBufferWriter<byte>(text.Length + 256);
        input.Write(text);
        foreach (var reference in references)
        {
            Append(input, reference.Name);
            Append(input, reference.Subject);
            BinaryPrimitives.WriteInt32BigEndian(input.GetSpan(sizeof(int)), reference.Version);
            input.Advance(sizeof(int));
        }

        if (metadata is not null)
        {
            AppendPresence(input);
            Append(input, metadata);
        }

        if (ruleSet is not null)
        {
            AppendPresence(input);
            Append(input, ruleSet.MigrationRules);
            Append(input, ruleSet.DomainRules);
            Append(input, ruleSet.EncodingRules);
            Append(input, ruleSet.EnableAt is { } environment ? RuleNames.NameOf(environment) : null);
        }

        return Digest(input.WrittenSpan);
    }

    private static Guid Digest(ReadOnlySpan<byte> input)
    {
        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
#pragma warning disable CA5351 // The identity is Confluent's and names content; nothing is kept secret or signed by it.
        MD5.HashData(input, digest);
#pragma warning restore CA5351
        return new Guid(digest, bigEndian: true);
    }

    private static void Append(ArrayBufferWriter<byte> output, Metadata metadata)
    {
        foreach (var (path, tags) in metadata.Tags)
        {
            Append(output, path);
            Append(output, tags);
        }

        Append(output, metadata.Properties);
        Append(output, metadata.Sensitive);
    }

    private static void Append(ArrayBufferWriter<byte> output, ImmutableArray<Rule> rules)
    {
        foreach (var rule in rules)
        {
            Append(output, rule.Name);
            Append(output, rule.Doc);
            Append(output, RuleNames.NameOf(rule.Kind));
            Append(output, RuleNames.NameOf(rule.Mode));
            Append(output, rule.Type);
            Append(output, rule.Tags);
            Append(output, rule.Params);
            Append(output, rule.Expr);
            Append(output, rule.OnSuccess);
            Append(output, rule.OnFailure);
            if (rule.Switch == RuleSwitch.Off)
            {
                AppendPresence(output);
            }
        }
    }

    private static void Append(ArrayBufferWriter<byte> output, ImmutableSortedSet<string> names)
    {
        foreach (var name in names)
        {
            Append(output, name);
        }
    }

    private static void Append(ArrayBufferWriter<byte> output, ImmutableSortedDictionary<string, string> pairs)
    {
        foreach (var (key, value) in pairs)
        {
            Append(output, key);
            Append(output, value);
        }
    }

    private static void AppendPresence(ArrayBufferWriter<byte> output)
    {
        output.GetSpan(1)[0] = 1;
        output.Advance(1);
    }

    private static void Append(ArrayBufferWriter<byte> output, string? text)
    {
        if (text is not null)
        {
            var span = output.GetSpan(Encoding.UTF8.GetByteCount(text));
            output.Advance(Encoding.UTF8.GetBytes(text, span));
        }
    }
}
