//! What a certificate says, from either reader.

use admissible::encoding::der::{AlgorithmIdentifier, Element};
use admissible::format::certificate::{
    Certificate, GeneralName, GeneralSubtree, KeyUsage, NameConstraints, oid, signature_scheme,
};
use admissible::time::{UnixTime, Window};
use admissible_box::der::{children, context, header, seq};
use der::oid::ObjectIdentifier;
use der::{Decode, Encode};
use x509_cert::ext::pkix;
use x509_cert::ext::pkix::name::GeneralName as Named;

/// The answers of a [`Certificate`].
#[derive(Debug, PartialEq)]
pub struct Answers {
    der: Vec<u8>,
    tbs: Vec<u8>,
    precertificate: Option<Vec<u8>>,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    names: [String; 2],
    is_empty: bool,
    is_self_issued: bool,
    serial: Vec<u8>,
    validity: Window,
    spki: Vec<u8>,
    algorithm: String,
    scheme: Option<admissible::crypto::Scheme>,
    signature: Option<Vec<u8>>,
    key_usage: Option<[bool; 3]>,
    extended_key_usage: Option<(bool, Vec<ObjectIdentifier>)>,
    is_ca: bool,
    path_length: Option<u8>,
    subject_alt_name: Option<Vec<GeneralName>>,
    name_constraints: Option<NameConstraints>,
    subject_key_identifier: Option<Vec<u8>>,
    names_its_own_key: bool,
    unknown_critical: Vec<ObjectIdentifier>,
    extensions: Vec<Option<Vec<u8>>>,
}

impl Answers {
    /// Ours, with the values of the extensions that the other reader found. Other attributes of names than a few are shown by number,
    /// where `x509-cert` has a word: those are left to the unit tests of `name.rs`.
    pub fn of(ours: &Certificate, theirs: &Theirs) -> Self {
        let names = [ours.issuer(), ours.subject()];
        let is_in_words = !names.iter().any(|name| name.contains("=#"));
        let usage = |usage: KeyUsage| [usage.digital_signature(), usage.non_repudiation(), usage.key_cert_sign()];
        Self {
            der: ours.der().into(),
            tbs: ours.tbs_der().into(),
            precertificate: ours.tbs_without(&oid::SCT_LIST),
            issuer: ours.issuer_der().into(),
            subject: ours.subject_der().into(),
            names: if is_in_words { names } else { theirs.answers.names.clone() },
            is_empty: ours.subject_is_empty(),
            is_self_issued: ours.is_self_issued(),
            serial: ours.serial().into(),
            validity: ours.validity(),
            spki: ours.public_key().spki_der().into(),
            algorithm: ours.signature_algorithm(),
            scheme: ours.signature_scheme(),
            signature: ours.signature().map(Into::into),
            key_usage: ours.key_usage().map(usage),
            extended_key_usage: ours.extended_key_usage().map(|(critical, purposes)| (critical, purposes.to_vec())),
            is_ca: ours.is_ca(),
            path_length: ours.path_length(),
            subject_alt_name: ours.subject_alt_name().map(Into::into),
            name_constraints: ours.name_constraints().cloned(),
            subject_key_identifier: ours.subject_key_identifier().map(Into::into),
            names_its_own_key: ours.names_key_of(ours),
            unknown_critical: ours.unknown_critical_extensions().to_vec(),
            extensions: theirs.inner.extensions().iter().map(|e| ours.extension(&e.extn_id).map(Into::into)).collect(),
        }
    }
}

/// The extensions that checks ask for.
#[derive(Default)]
pub struct Known {
    pub key_usage: Option<pkix::KeyUsage>,
    pub extended_key_usage: Option<(bool, pkix::ExtendedKeyUsage)>,
    pub basic_constraints: Option<pkix::BasicConstraints>,
    pub subject_alt_name: Option<pkix::SubjectAltName>,
    pub name_constraints: Option<pkix::NameConstraints>,
    pub subject_key_identifier: Option<pkix::SubjectKeyIdentifier>,
    pub authority_key_identifier: Option<pkix::AuthorityKeyIdentifier>,
    unknown_critical: Vec<ObjectIdentifier>,
    /// Whether each of them is what it is encoded as.
    pub are_canonical: bool,
}

/// A certificate as `x509-cert` decodes it.
pub struct Inner {
    pub certificate: x509_cert::Certificate,
    pub known: Known,
}

impl Inner {
    pub fn extensions(&self) -> &[x509_cert::ext::Extension] {
        self.certificate.tbs_certificate().extensions().map_or(&[], Vec::as_slice)
    }
}

/// What `x509-cert` says.
pub struct Theirs {
    pub inner: Inner,
    pub answers: Answers,
}

impl Theirs {
    pub fn names_key_of(&self, issuer: &Self) -> bool {
        let known = &self.inner.known;
        let named = known.authority_key_identifier.as_ref().and_then(|named| named.key_identifier.as_ref());
        named.is_some_and(|named| Some(named.as_bytes()) == issuer.answers.subject_key_identifier.as_deref())
    }
}

/// Decodes, encodes again and compares, but for the key.
fn decoded(der: &[u8]) -> Result<Inner, String> {
    const MOST_BYTES: usize = 64 * 1024;
    const MOST_EXTENSIONS: usize = 128;
    if der.len() > MOST_BYTES {
        return Err("it is too large".into());
    }
    let certificate = x509_cert::Certificate::from_der(der).map_err(|error| error.to_string())?;
    if certificate.to_der().map_err(|error| error.to_string())? != der {
        return Err("it is encoded otherwise".into());
    }
    let tbs = certificate.tbs_certificate();
    if tbs.version() != x509_cert::Version::V3 {
        return Err("it is not of version 3".into());
    }
    if tbs.signature() != certificate.signature_algorithm() {
        return Err("its algorithms differ".into());
    }
    let extensions = tbs.extensions().map_or(&[][..], Vec::as_slice);
    if extensions.len() > MOST_EXTENSIONS {
        return Err("it has too many extensions".into());
    }
    let mut known = Known { are_canonical: true, ..Known::default() };
    for (index, extension) in extensions.iter().enumerate() {
        if extensions[..index].iter().any(|earlier| earlier.extn_id == extension.extn_id) {
            return Err("it has an extension twice".into());
        }
        known.take(extension).map_err(|error| format!("extension {}: {error}", extension.extn_id))?;
    }
    Ok(Inner { certificate, known })
}

impl Known {
    fn take(&mut self, extension: &x509_cert::ext::Extension) -> der::Result<()> {
        fn read<'a, T: Decode<'a, Error = der::Error> + Encode>(
            value: &'a [u8],
            canonical: &mut bool,
        ) -> der::Result<T> {
            let decoded = T::from_der(value)?;
            *canonical &= decoded.to_der()? == value;
            Ok(decoded)
        }
        let (value, canonical) = (extension.extn_value.as_bytes(), &mut self.are_canonical);
        match extension.extn_id.to_string().as_str() {
            "2.5.29.15" => self.key_usage = Some(read(value, canonical)?),
            "2.5.29.37" => self.extended_key_usage = Some((extension.critical, read(value, canonical)?)),
            "2.5.29.19" => self.basic_constraints = Some(read(value, canonical)?),
            "2.5.29.17" => self.subject_alt_name = Some(read(value, canonical)?),
            "2.5.29.30" => self.name_constraints = Some(read(value, canonical)?),
            "2.5.29.14" => self.subject_key_identifier = Some(read(value, canonical)?),
            "2.5.29.35" => self.authority_key_identifier = Some(read(value, canonical)?),
            "1.3.6.1.4.1.11129.2.4.2" => {}
            text => {
                let number = text.strip_prefix("1.3.6.1.4.1.57264.1.").and_then(|number| number.parse().ok());
                let is_claim = matches!(number, Some(1..=6 | 8..=24_u32));
                if extension.critical && !is_claim {
                    self.unknown_critical.push(extension.extn_id);
                }
            }
        }
        Ok(())
    }
}

/// Whether only the public key can be what is wrong.
pub fn is_sound_but_for_the_key(der: &[u8]) -> bool {
    decoded(der).is_ok_and(|inner| super::stricter::broken_rule(&inner).is_none())
}

/// The answers of `x509-cert`.
pub fn theirs(der: &[u8]) -> Result<Theirs, String> {
    let inner = decoded(der)?;
    let (certificate, known) = (&inner.certificate, &inner.known);
    let tbs = certificate.tbs_certificate();
    let spki = tbs.subject_public_key_info().to_der().expect("DER");
    admissible::crypto::PublicKey::from_spki_der(&spki).map_err(|error| error.to_string())?;
    let [issuer, subject] = [tbs.issuer(), tbs.subject()].map(|name| name.to_der().expect("DER"));
    let names = [tbs.issuer(), tbs.subject()].map(ToString::to_string);
    let instant = |time: x509_cert::time::Time| {
        let seconds = i64::try_from(time.to_unix_duration().as_secs()).expect("a time");
        UnixTime::from_seconds(seconds).expect("a time")
    };
    let algorithm = certificate.signature_algorithm();
    let algorithm_der = algorithm.to_der().expect("DER");
    let element = Element::only(&algorithm_der, "an algorithm").expect("DER");
    let tbs_der = tbs.to_der().expect("DER");
    let usage = |usage: pkix::KeyUsage| [usage.digital_signature(), usage.non_repudiation(), usage.key_cert_sign()];
    let own_key = known.subject_key_identifier.as_ref().map(|identifier| identifier.0.as_bytes());
    let named_key =
        known.authority_key_identifier.as_ref().and_then(|named| Some(named.key_identifier.as_ref()?.as_bytes()));
    let answers = Answers {
        der: der.into(),
        precertificate: Some(without(&tbs_der, &oid::SCT_LIST)),
        tbs: tbs_der,
        is_self_issued: issuer == subject,
        issuer,
        subject,
        names,
        is_empty: tbs.subject().is_empty(),
        serial: tbs.serial_number().as_bytes().into(),
        validity: Window { start: instant(tbs.validity().not_before), end: Some(instant(tbs.validity().not_after)) },
        spki,
        algorithm: algorithm.oid.to_string(),
        scheme: AlgorithmIdentifier::read(&element, "an algorithm").ok().and_then(|read| signature_scheme(&read)),
        signature: certificate.signature().as_bytes().map(Into::into),
        key_usage: known.key_usage.map(usage),
        extended_key_usage: known.extended_key_usage.clone().map(|(critical, usage)| (critical, usage.0)),
        is_ca: known.basic_constraints.as_ref().is_some_and(|constraints| constraints.ca),
        path_length: known.basic_constraints.as_ref().and_then(|constraints| constraints.path_len_constraint),
        subject_alt_name: known.subject_alt_name.as_ref().map(|names| names.0.iter().map(general_name).collect()),
        name_constraints: known.name_constraints.as_ref().map(name_constraints),
        subject_key_identifier: own_key.map(Into::into),
        names_its_own_key: named_key.is_some() && named_key == own_key,
        unknown_critical: known.unknown_critical.clone(),
        extensions: inner.extensions().iter().map(|e| Some(e.extn_value.as_bytes().into())).collect(),
    };
    Ok(Theirs { inner, answers })
}

fn general_name(name: &Named) -> GeneralName {
    match name {
        Named::OtherName(other) => {
            GeneralName::OtherName { type_id: other.type_id, value: other.value.to_der().expect("DER") }
        }
        Named::Rfc822Name(text) => GeneralName::Rfc822Name(text.as_str().into()),
        Named::DirectoryName(_) => GeneralName::DirectoryName,
        Named::UniformResourceIdentifier(text) => GeneralName::UniformResourceIdentifier(text.as_str().into()),
        Named::DnsName(_) | Named::EdiPartyName(_) | Named::IpAddress(_) | Named::RegisteredId(_) => GeneralName::Other,
    }
}

fn name_constraints(constraints: &pkix::NameConstraints) -> NameConstraints {
    let subtrees = |list: &Option<Vec<pkix::constraints::name::GeneralSubtree>>| {
        let list = list.as_deref().unwrap_or_default().iter();
        list.map(|tree| GeneralSubtree { base: general_name(&tree.base), minimum: tree.minimum, maximum: tree.maximum })
            .collect()
    };
    NameConstraints {
        permitted_subtrees: subtrees(&constraints.permitted_subtrees),
        excluded_subtrees: subtrees(&constraints.excluded_subtrees),
    }
}

/// A TBSCertificate put together again without an extension.
fn without(tbs: &[u8], oid: &ObjectIdentifier) -> Vec<u8> {
    let mut parts = children(tbs);
    if parts.last().is_some_and(|last| header(last).0 == 0xa3) {
        let list = parts.pop().expect("extensions");
        let id = oid.to_der().expect("DER");
        let mut kept = children(&children(&list)[0]);
        kept.retain(|extension| children(extension)[0] != id);
        if !kept.is_empty() {
            parts.push(context(3, &seq(&kept)));
        }
    }
    seq(&parts)
}
