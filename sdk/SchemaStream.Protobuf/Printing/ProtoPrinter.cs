using System.Globalization;
using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using SchemaStream.Protobuf.Linking;
using SchemaStream.Protobuf.Options;

namespace SchemaStream.Protobuf.Printing;

/// <summary>Writes a linked file as text which, read again, gives the same descriptor.</summary>
internal sealed partial class ProtoPrinter
{
    private readonly LinkedFile _file;
    private readonly FileDescriptorProto _proto;
    private readonly NameWriter _names;
    private readonly OptionPrinter _options;
    private readonly bool _withoutExtensions;
    private readonly ProtoText _text = new();
    private readonly Dictionary<string, DescriptorProto> _messages = new(StringComparer.Ordinal);

    private ProtoPrinter(Linker linker, FileDescriptorProto proto, bool isNormalized, bool withoutExtensions)
    {
        _file = linker.Main;
        _proto = proto;
        _names = new NameWriter(linker.Symbols, _file, isNormalized);
        _options = new OptionPrinter(
            linker.OptionTypes, new OptionReader(linker.Extensions, _file), _names, isNormalized);
        _withoutExtensions = withoutExtensions;
        foreach (var message in proto.MessageType)
        {
            Collect(message, proto.Package);
        }
    }

    private void Collect(DescriptorProto message, string scope)
    {
        var fullName = Names.Join(scope, message.Name);
        _messages["." + fullName] = message;
        foreach (var nested in message.NestedType)
        {
            Collect(nested, fullName);
        }
    }

    public static string Canonical(Linker linker, bool withoutExtensions) =>
        new ProtoPrinter(linker, linker.Main.Proto, isNormalized: false, withoutExtensions).Print();

    public static string Normalized(Linker linker) =>
        new ProtoPrinter(linker, NormalForm.Of(linker.Main.Proto), isNormalized: true, withoutExtensions: false).Print();

    private string Print()
    {
        _text.Line($"syntax = {ProtoText.Quote(_file.IsProto3 ? "proto3" : "proto2")};");
        if (_proto.Package.Length > 0)
        {
            _text.Line($"package {_proto.Package};");
        }

        PrintImports();
        var options = _options.Print(_proto.Options, _proto.Package);
        Separate(options.Count > 0);
        foreach (var option in options)
        {
            _text.Line($"option {option};");
        }

        PrintTypes();
        foreach (var item in _proto.EnumType)
        {
            _text.Blank();
            PrintEnum(item, _proto.Package);
        }

        foreach (var service in _proto.Service)
        {
            _text.Blank();
            PrintService(service);
        }

        return _text.ToString();
    }

    private void PrintImports()
    {
        Separate(_proto.Dependency.Count > 0);
        for (var i = 0; i < _proto.Dependency.Count; i++)
        {
            var kind = _proto.PublicDependency.Contains(i) ? "public " : _proto.WeakDependency.Contains(i) ? "weak " : "";
            _text.Line($"import {kind}{ProtoText.Quote(_proto.Dependency[i])};");
        }
    }

    // The messages of groups that extend something stand where their extension does.
    private void PrintTypes()
    {
        var scope = _proto.Package;
        var printed = 0;
        var groups = NestedOrder.GroupsOf(_proto.Extension);
        foreach (var message in _proto.MessageType)
        {
            if (groups.TryGetValue("." + Names.Join(scope, message.Name), out var extension))
            {
                PrintFileExtensions(printed, extension + 1);
                printed = Math.Max(printed, extension + 1);
                continue;
            }

            _text.Blank();
            PrintMessage(message, scope);
        }

        PrintFileExtensions(printed, _proto.Extension.Count);
    }

    private void PrintFileExtensions(int from, int to)
    {
        if (from < to && !_withoutExtensions)
        {
            _text.Blank();
            PrintExtensions(_proto.Extension, from, to, _proto.Package);
        }
    }

    private void PrintEnum(EnumDescriptorProto item, string scope) => _text.Block($"enum {item.Name}", () =>
    {
        PrintOptions(item.Options, scope);
        foreach (var value in item.Value)
        {
            var options = Bracketed(_options.Print(value.Options, scope));
            _text.Line(FormattableString.Invariant($"{value.Name} = {value.Number}{options};"));
        }

        var ranges = item.ReservedRange.Select(static r => Range(r.Start, r.End, int.MaxValue)).ToList();
        if (ranges.Count > 0)
        {
            _text.Line($"reserved {string.Join(", ", ranges)};");
        }

        PrintReservedNames(item.ReservedName);
    });

    private void PrintService(ServiceDescriptorProto service) => _text.Block($"service {service.Name}", () =>
    {
        var scope = Names.Join(_proto.Package, service.Name);
        PrintOptions(service.Options, _proto.Package);
        foreach (var method in service.Method)
        {
            var input = (method.ClientStreaming ? "stream " : "") + _names.Type(method.InputType, scope, typesOnly: false);
            var output = (method.ServerStreaming ? "stream " : "") + _names.Type(method.OutputType, scope, typesOnly: false);
            var head = $"rpc {method.Name} ({input}) returns ({output})";
            if (method.Options is null)
            {
                _text.Line(head + ";");
            }
            else
            {
                _text.Block(head, () => PrintOptions(method.Options, scope));
            }
        }
    });

    private void PrintOptions(Google.Protobuf.IMessage? options, string scope)
    {
        foreach (var option in _options.Print(options, scope))
        {
            _text.Line($"option {option};");
        }
    }

    private void PrintReservedNames(RepeatedField<string> names)
    {
        if (names.Count > 0)
        {
            _text.Line($"reserved {string.Join(", ", names.Select(static n => ProtoText.Quote(n)))};");
        }
    }

    private void Separate(bool isNeeded)
    {
        if (isNeeded)
        {
            _text.Blank();
        }
    }

    private static string Bracketed(List<string> options) =>
        options.Count == 0 ? "" : $" [{string.Join(", ", options)}]";

    private static string Range(int start, int last, int max) =>
        start == last ? start.ToString(CultureInfo.InvariantCulture)
        : last == max ? FormattableString.Invariant($"{start} to max")
        : FormattableString.Invariant($"{start} to {last}");
}
