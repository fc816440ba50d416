using System.Reflection;
using System.Runtime.ExceptionServices;
using System.ServiceModel;
using System.Text.Json;
using System.Xml;
using System.Xml.Schema;
using System.Xml.Serialization;
using Adapter.Contracts.Customs;

namespace Adapter.Host.SoapServices;

/// <summary>One operation of a contract, made ready once: names, action, a delegate and serializers.</summary>
internal sealed class SoapOperation
{
    private static readonly XmlSerializerNamespaces NoPrefixes = new([XmlQualifiedName.Empty]);

    private readonly Lazy<XmlSerializer> _reader;
    private readonly Lazy<XmlSerializer>? _writer;
    private readonly Func<object, object, Task<object?>> _invoke;

    private SoapOperation(MethodInfo method, OperationContractAttribute operation, Type request, Type? answer, Func<object, object, Task<object?>> invoke)
    {
        Name = operation.Name ?? (method.Name.EndsWith("Async", StringComparison.Ordinal) ? method.Name[..^"Async".Length] : method.Name);
        Action = operation.Action ?? throw new InvalidOperationException($"{method.DeclaringType}.{method.Name} spells out no Action.");
        IsOneWay = operation.IsOneWay;
        IsRaw = request.IsSubclassOf(typeof(RawBody));
        Faults = [.. method.GetCustomAttributes<FaultContractAttribute>().Select(fault => fault.DetailType)];
        var mapping = new XmlReflectionImporter().ImportTypeMapping(request);
        Element = new XmlQualifiedName(mapping.XsdElementName, mapping.Namespace);
        // Making a serializer compiles code; a host must not wait with its start for operations that nobody may call.
        _reader = new Lazy<XmlSerializer>(() => new XmlSerializer(request));
        _writer = answer is null ? null : new Lazy<XmlSerializer>(() => new XmlSerializer(answer));
        _invoke = invoke;
    }

    public string Name { get; }

    public string Action { get; }

    public bool IsOneWay { get; }

    /// <summary>Its request is a <see cref="RawBody"/>: taken as it comes and validated by the service.</summary>
    public bool IsRaw { get; }

    /// <summary>The element in the Body that asks for it.</summary>
    public XmlQualifiedName Element { get; }

    public IReadOnlyList<Type> Faults { get; }

    /// <exception cref="InvalidOperationException">The contract is not one that can be served: the text says why.</exception>
    public static IReadOnlyList<SoapOperation> Of(Type contract)
    {
        if (contract.GetCustomAttribute<ServiceContractAttribute>() is null || !contract.IsInterface)
        {
            throw new InvalidOperationException($"{contract} is not an interface with [ServiceContract].");
        }

        return [.. contract.GetMethods().Select(Of)];
    }

    public object Read(XmlReader body) => _reader.Value.Deserialize(body)!;

    /// <summary>Reads a request and holds every node against the schemas before it is used.</summary>
    /// <param name="body">Stands before the element.</param>
    /// <returns>Null where it departs from them, or cannot be read: <see cref="BodyValidation"/> says where.</returns>
    public object? ReadValid(XmlReader body, XmlSchemaSet schemas)
    {
        var valid = true;
        var settings = BodyValidation.Settings(schemas);
        settings.ValidationEventHandler += (_, problem) =>
        {
            valid = false;
            throw problem.Exception;
        };
        using var reader = XmlReader.Create(body, settings);
        try
        {
            using var written = new WrittenValues(reader);
            var request = _reader.Value.Deserialize(written);
            while (reader.Read())
            {
            }

            return request;
        }
        catch (Exception exception) when (!valid && exception is XmlSchemaException or InvalidOperationException { InnerException: XmlSchemaException })
        {
            return null;
        }
        catch (InvalidOperationException exception) when (exception.InnerException is XmlException broken)
        {
            // The serializer puts what the parser says into an exception of its own.
            ExceptionDispatchInfo.Throw(broken);
            throw;
        }
    }

    /// <summary>What makes two requests the same, whatever their prefixes and white space.</summary>
    public static byte[] Canonical(object request) => JsonSerializer.SerializeToUtf8Bytes(request, request.GetType());

    public byte[] Write(object answer) => Write(_writer!.Value, answer);

    public Task<object?> InvokeAsync(object service, object request) => _invoke(service, request);

    public static byte[] Write(XmlSerializer serializer, object value)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, SoapWriter.Fragment))
        {
            serializer.Serialize(writer, value, NoPrefixes);
        }

        return stream.ToArray();
    }

    private static SoapOperation Of(MethodInfo method)
    {
        var operation = method.GetCustomAttribute<OperationContractAttribute>() ?? throw new InvalidOperationException($"{method.DeclaringType}.{method.Name} has no [OperationContract].");
        if (method.GetParameters() is not [{ ParameterType: { IsValueType: false } request }])
        {
            throw new InvalidOperationException($"{method.DeclaringType}.{method.Name} must take one message.");
        }

        var (answer, generic) = method.ReturnType switch
        {
            { IsGenericType: true } task when task.GetGenericTypeDefinition() == typeof(Task<>) && !operation.IsOneWay => (task.GetGenericArguments()[0], nameof(Answering)),
            var task when task == typeof(Task) && operation.IsOneWay => ((Type?)null, nameof(Silent)),
            _ => throw new InvalidOperationException($"{method.DeclaringType}.{method.Name} must return Task<answer>, or Task where it is one-way."),
        };
        Type[] types = answer is null ? [method.DeclaringType!, request] : [method.DeclaringType!, request, answer];
        var invoke = (Func<object, object, Task<object?>>)typeof(SoapOperation)
            .GetMethod(generic, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(types).Invoke(null, [method])!;
        return new SoapOperation(method, operation, request, answer, invoke);
    }

    private static Func<object, object, Task<object?>> Answering<TContract, TRequest, TAnswer>(MethodInfo method)
    {
        var call = method.CreateDelegate<Func<TContract, TRequest, Task<TAnswer>>>();
        return async (service, request) => await call((TContract)service, (TRequest)request);
    }

    private static Func<object, object, Task<object?>> Silent<TContract, TRequest>(MethodInfo method)
    {
        var call = method.CreateDelegate<Func<TContract, TRequest, Task>>();
        return async (service, request) =>
        {
            await call((TContract)service, (TRequest)request);
            return null;
        };
    }
}
